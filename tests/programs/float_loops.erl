%% Loops over floats, which need not be boxed on the way: what starts them, what leaves them, values
%% that are no floats where no float is needed, overflow in the middle, guards that fail.
-module(float_loops).
-export([main/0, loop/3, start/2]).

main() ->
    io:format("~p~n", [sum(10, 0.5)]),
    io:format("~p~n", [[start(0, X) || X <- [no_float, {}, <<>>, 7, 1 bsl 80]]]),
    io:format("~p~n", [start(3, 1.5)]),
    io:format("~p~n", [catch start(3, 1.0e308)]),
    io:format("~p~n", [(catch loop(3, atom, 1.0))]),
    io:format("~p~n", [loop(3, 2, 1.0)]),
    io:format("~p~n", [newton(2.0, 1.0, 30)]),
    io:format("~p~n", [[grow(X, 0) || X <- [1.0, 1.0e100, -1.0, 0.0]]]),
    io:format("~p~n", [swap(5, 1.0, 2.0)]),
    io:format("~p~n", [caught(6, 1.0e200)]),
    io:format("~p~n", [[divided(X, Y) || X <- [1.0, 0.0, -2.5], Y <- [0.0, -0.0, 4.0]]]),
    io:format("~p~n", [polled(100000, 0.0)]).

sum(0, Sum) -> Sum;
sum(N, Sum) -> sum(N - 1, Sum + N / 3).

start(N, X) -> from(N, X).
from(0, _) -> done;
from(N, X) when is_float(X) -> from(N - 1, X * 10.0).

loop(0, _, Y) -> Y;
loop(N, X, Y) -> loop(N - 1, X, X * Y + 0.25).

newton(_, Guess, 0) -> Guess;
newton(X, Guess, N) ->
    Next = (Guess + X / Guess) / 2.0,
    if
        abs(Next - Guess) < 1.0e-12 -> {Next, N};
        true -> newton(X, Next, N - 1)
    end.

%% A guard with an overflow is false.
grow(X, N) when X * X > 1.0e300 -> {large, N};
grow(_, 20) -> never;
grow(X, N) when is_float(X), X * X * X + 1.0 > -1.0e300 -> grow(X * 3.0, N + 1);
grow(_, N) -> {guard, N}.

swap(0, A, B) -> {A, B, A == B, A =:= B, A < B};
swap(N, A, B) -> swap(N - 1, B + 1.0, A).

caught(0, X) -> X;
caught(N, X) ->
    Y = try X * 1.0e40
        catch error:badarith -> 2.5
        end,
    caught(N - 1, Y).

divided(X, Y) when is_float(X), is_float(Y), X / Y > 0.1 -> more;
divided(X, Y) when is_float(X), is_float(Y), X / Y =< 0.1 -> less;
divided(_, _) -> fails.

polled(0, X) -> X;
polled(N, X) -> polled(N - 1, X + 0.5).
