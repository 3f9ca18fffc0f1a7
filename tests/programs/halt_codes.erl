%% halt with a code ends at once with that code; what was printed arrives.
%% exit: 77
-module(halt_codes).
-export([main/0]).

main() ->
    io:format("bye~n"),
    halt(77).
