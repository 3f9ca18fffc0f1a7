-module(hello).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([main/0]).
-export_type([done/0]).
-moduledoc(~" The smallest Gleam program: one line on standard output.").

-type done() :: any().

-file("src/hello.gleam", 9).
-spec main() -> nil.
main() ->
    io:put_chars(~"Hello from Gleam!\n"),
    nil.

