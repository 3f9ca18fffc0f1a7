%% Negation and all four operations on floats that stay unboxed, on both branches of a test.
-module(opcode_float_negate).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[f(id(X), id(Y)) || X <- [1.5, -2.0, 0.0], Y <- [0.5, -4.0]]]),
    io:format("~w~n", [norm([3.0, -4.0], 0.0)]).

f(X, Y) when is_float(X), is_float(Y) ->
    N = -(X * Y),
    M = -X / Y + N - 0.25,
    if M < N -> -(M + N); true -> -M * 2.0 end.

norm([], Sum) -> -math:sqrt(Sum);
norm([X | T], Sum) when is_float(X) -> norm(T, Sum + -X * -X).

id(X) -> X.
