%% Order and equality of big integers, against each other and at the small-integer borders.
-module(big_compare).
-export([main/0, id/1]).

main() ->
    Numbers = [1 bsl 59, (1 bsl 59) - 1, -(1 bsl 59), -(1 bsl 59) - 1, 1 bsl 64, -(1 bsl 64), (1 bsl 64) + 1, 0, 1 bsl 128, -(1 bsl 128), (1 bsl 128) - 1],
    io:format("~w~n", [lists:sort(Numbers)]),
    [io:format("~w", [rel(id(A), id(B))]) || A <- Numbers, B <- Numbers],
    io:nl(),
    io:format("~w~n", [[id((1 bsl 70) + 1) =:= id(1 bsl 70) + 1, id(1 bsl 70) == id(1 bsl 70), id(1 bsl 70) =/= id(1 bsl 71)]]).

rel(A, B) when A < B -> l;
rel(A, B) when A =:= B -> e;
rel(A, B) when A > B -> g.

id(X) -> X.
