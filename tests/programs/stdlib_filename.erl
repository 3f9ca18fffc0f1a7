%% filename's functions that need no file system.
-module(stdlib_filename).
-export([main/0]).

main() ->
    show([filename:join(["a", "b", "/c", "d"]), filename:join("a/", "b"), filename:basename("/a/b.erl"), filename:basename("/a/b.erl", ".erl"), filename:dirname("/a/b/c")]),
    show([filename:extension("x.tar.gz"), filename:rootname("a/b.erl"), filename:split("/a/b/c"), filename:split(<<"a/b">>), filename:pathtype("/x"), filename:flatten([a, "b", ["c"]])]).

show(X) -> io:format("~p~n", [X]).
