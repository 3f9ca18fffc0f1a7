%% What halt does not take is badarg and ends nothing.
-module(halt_bad_argument).
-export([main/0, id/1]).

main() ->
    [io:format("~w~n", [try halt(id(X)) catch C:R -> {C, R} end]) || X <- [-1, a, {}, 1.5]],
    io:format("still here~n").

id(X) -> X.
