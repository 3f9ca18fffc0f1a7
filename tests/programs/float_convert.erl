%% trunc, round, floor, ceil and float for halves, negatives and values beyond small integers.
-module(float_convert).
-export([main/0, id/1]).

main() ->
    Numbers = [0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.49999999999999994, 1.0e18, -1.0e18, 1.0e25, -1.0e25, 4503599627370497.5, 7, -7, 1 bsl 80],
    [io:format("~w: ~w~n", [N, [trunc(id(N)), round(id(N)), floor(id(N)), ceil(id(N)), float(id(N))]]) || N <- Numbers],
    [io:format("~w~n", [try F(id(a)) catch C:R -> {C, R} end]) || F <- [fun erlang:trunc/1, fun erlang:round/1, fun erlang:floor/1, fun erlang:ceil/1, fun erlang:float/1]].

id(X) -> X.
