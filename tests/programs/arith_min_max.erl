%% min and max over numbers that are equal and over terms of different kinds.
-module(arith_min_max).
-export([main/0, id/1]).

main() ->
    Pairs = [{1, 2}, {2, 1}, {1, 1.0}, {1.0, 1}, {a, 1}, {[], {}}, {"a", <<"a">>}, {1 bsl 70, 1.0e30}],
    [io:format("~w ~w~n", [min(id(A), id(B)), max(id(A), id(B))]) || {A, B} <- Pairs].

id(X) -> X.
