%% Functions that a native library could replace, and none does: `nif_start` does nothing.
-module(opcode_nif_start).
-export([main/0, add/2, outer/1]).
-nifs([add/2, outer/1, inner/1]).

main() ->
    io:format("~w ~w~n", [add(1, 2), outer([a, b])]),
    io:format("~w~n", [catch add(x, 2)]).

add(A, B) -> A + B.

outer(List) -> [inner(X) || X <- List].

inner(X) -> {X, X}.
