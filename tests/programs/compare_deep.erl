%% Comparison of long and deep structures that differ in the last place.
-module(compare_deep).
-export([main/0, id/1]).

main() ->
    L1 = lists:seq(1, 100000),
    L2 = lists:seq(1, 99999) ++ [100001],
    io:format("~w~n", [[id(L1) < id(L2), id(L1) =:= id(L2), id(L1) =:= lists:seq(1, 100000)]]),
    D1 = nest(200000, a),
    D2 = nest(200000, b),
    io:format("~w~n", [[id(D1) < id(D2), id(D1) == id(D2), id(D1) =:= nest(200000, a)]]),
    T = [list_to_tuple(lists:seq(1, N)) || N <- [1, 2, 3]],
    io:format("~w~n", [lists:sort(lists:reverse(T) ++ [{0, 0, 0}, {9}])]).

nest(0, X) -> X;
nest(N, X) -> nest(N - 1, {x, [X]}).

id(X) -> X.
