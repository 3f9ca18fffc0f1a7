%% Floats that meet at joins and in loops with integers, where fconv and boxing must agree.
-module(opcode_fconv_joins).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[f(id(X), id(Y)) || X <- [1, 2.5, -3], Y <- [0.5, 2]]]),
    io:format("~w~n", [loop(10, 1.0, 0)]),
    io:format("~w~n", [[try f(id(X), 1) catch C:R -> {C, R} end || X <- [a, 1 bsl 1030]]]).

f(X, Y) ->
    A = X * 2.0 + Y,
    B = if A > 4.0 -> A / Y; true -> Y - A end,
    C = B * B - A,
    case C < 0.0 of
        true -> {neg, -C, A};
        false -> {pos, C, B + 1}
    end.

loop(0, F, I) -> {F, I};
loop(N, F, I) when N band 1 =:= 0 -> loop(N - 1, F * 1.5, I + trunc(F));
loop(N, F, I) -> loop(N - 1, F + I, I + 1).

id(X) -> X.
