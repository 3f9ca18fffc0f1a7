%% case over dense, sparse, negative and big integer constants.
-module(select_integers).
-export([main/0]).

main() ->
    [io:format("~w ~w ~w ~w~n", [X, dense(X), sparse(X), big(X)]) || X <- [0, 1, 2, 3, 4, 5, 6, 100, -1, -1000, 1000, 65536, 1 bsl 59, 1 bsl 64, -(1 bsl 64), (1 bsl 64) + 1, 1.0, a]].

dense(0) -> zero;
dense(1) -> one;
dense(2) -> two;
dense(3) -> three;
dense(4) -> four;
dense(5) -> five;
dense(_) -> none.

sparse(-1000) -> a;
sparse(-1) -> b;
sparse(3) -> c;
sparse(100) -> d;
sparse(1000) -> e;
sparse(65536) -> f;
sparse(_) -> none.

big(18446744073709551616) -> a;
big(-18446744073709551616) -> b;
big(576460752303423488) -> c;
big(18446744073709551617) -> d;
big(0) -> e;
big(_) -> none.
