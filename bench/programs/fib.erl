%% Calls and small-integer arithmetic: the naive Fibonacci function, in body recursion.
-module(fib).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 24).

run(Rounds) -> [fib(30) || _ <- lists:seq(1, Rounds)].

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
