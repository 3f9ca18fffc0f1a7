%% Variables that live across try and catch keep their values on both ways out.
-module(exception_registers).
-export([main/0]).

main() ->
    io:format("~w~n", [[f(X, Y, 10, 20, 30) || X <- [1, a], Y <- [2, 0]]]),
    io:format("~w~n", [g(5)]).

f(X, Y, A, B, C) ->
    L = [A, B],
    R = try
        Q = X + A,
        T = {Q, L},
        {Q div Y, T, C}
    catch
        error:badarith -> {failed, X, Y, L, C};
        error:E -> {E, L}
    end,
    {R, L, A + B + C}.

g(N) ->
    A = lists:seq(1, N),
    B = try lists:map(fun(X) when X < 4 -> X end, A) catch error:function_clause -> {A, N} end,
    C = try hd(B) catch error:badarg -> {B, A} end,
    {A, B, C}.
