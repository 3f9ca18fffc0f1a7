%% Integers and floats compared exactly, where a conversion to float would lose the difference.
-module(float_compare).
-export([main/0, id/1]).

main() ->
    P = 1 bsl 53,
    Pairs = [{P, float(P)}, {P + 1, float(P)}, {P - 1, float(P)}, {-P - 1, -float(P)}, {1 bsl 100, float(1 bsl 100)}, {(1 bsl 100) + 1, float(1 bsl 100)},
        {1 bsl 2000, 1.0e308}, {-(1 bsl 2000), -1.0e308}, {0, 0.0}, {0, -0.0}, {1, 1.5}, {0.0, -0.0}, {1 bsl 59, float(1 bsl 59)}],
    [io:format("~w~n", [[id(A) < id(B), id(A) > id(B), id(A) == id(B), id(A) =:= id(B), id(A) =< id(B), id(A) >= id(B), id(A) /= id(B)]]) || {A, B} <- Pairs],
    io:format("~w~n", [lists:sort([3, 2.5, 3.0, 1, 1.0, (1 bsl 53) + 1, float(1 bsl 53), -1, -0.5])]).

id(X) -> X.
