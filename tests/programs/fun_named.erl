%% Named funs that call themselves, with and without an environment.
-module(fun_named).
-export([main/0]).

main() ->
    Fact = fun F(0) -> 1; F(N) -> N * F(N - 1) end,
    io:format("~w~n", [Fact(25)]),
    Step = 3,
    Down = fun Loop(N, Acc) when N =< 0 -> lists:reverse(Acc); Loop(N, Acc) -> Loop(N - Step, [N | Acc]) end,
    io:format("~w~n", [Down(20, [])]),
    io:format("~w~n", [lists:map(fun Fib(N) when N < 2 -> N; Fib(N) -> Fib(N - 1) + Fib(N - 2) end, lists:seq(0, 15))]).
