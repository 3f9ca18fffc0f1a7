%% Integers and floats in one expression: which operand is converted, and what cannot be.
-module(arith_mixed).
-export([main/0, id/1]).

main() ->
    Pairs = [{1, 2.0}, {2.5, 4}, {-3, 0.5}, {1 bsl 60, 1.0}, {1.0e200, 1 bsl 100}],
    [io:format("~w~n", [[id(A) + id(B), id(A) - id(B), id(A) * id(B), id(A) / id(B)]]) || {A, B} <- Pairs],
    io:format("~w~n", [[id(4) / id(2), id(7) / id(2), id(1 bsl 100) / id(1 bsl 99), id((1 bsl 53) + 1) / id(1)]]),
    io:format("~w~n", [try id(1 bsl 2000) + id(1.0) catch C:R -> {C, R} end]),
    io:format("~w~n", [try id(1 bsl 2000) / id(3) catch C2:R2 -> {C2, R2} end]),
    io:format("~w~n", [try id(1.0e308) * id(10) catch C3:R3 -> {C3, R3} end]).

id(X) -> X.
