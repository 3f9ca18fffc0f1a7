%% Sums that carry over many words: the thousandth Fibonacci number, by addition alone.
-module(big_fibonacci).
-export([main/0]).

main() ->
    io:format("~w~n", [fib(1000, 0, 1)]),
    io:format("~w~n", [fib(90, 0, 1)]),
    io:format("~w~n", [minus(500, 0, 1)]).

fib(0, A, _) -> A;
fib(N, A, B) -> fib(N - 1, B, A + B).

minus(0, A, _) -> A;
minus(N, A, B) -> minus(N - 1, B, A - B).
