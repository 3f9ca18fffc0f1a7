%% Chains of float operations that a compiler keeps unboxed, with their joins and conversions.
-module(float_arith).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [newton(2.0, 1.0, 20)]),
    io:format("~w~n", [poly(id(1.5))]),
    io:format("~w~n", [mean([1, 2.5, 3, 4.25, -1.0e3])]),
    io:format("~w~n", [leibniz(0, 10000, 0.0)]),
    io:format("~w~n", [[-id(1.5), -id(0.0), id(0.1) + id(0.2), id(1.0) - id(0.9)]]).

newton(_, X, 0) -> X;
newton(A, X, N) -> newton(A, (X + A / X) / 2, N - 1).

poly(X) when is_float(X) -> X * X * X - 2.0 * X * X + 3 * X - 4.5.

mean(List) -> lists:sum(List) / length(List).

leibniz(N, N, Sum) -> 4 * Sum;
leibniz(K, N, Sum) when K rem 2 =:= 0 -> leibniz(K + 1, N, Sum + 1.0 / (2 * K + 1));
leibniz(K, N, Sum) -> leibniz(K + 1, N, Sum - 1.0 / (2 * K + 1)).

id(X) -> X.
