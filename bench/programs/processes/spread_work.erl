%% Sixty-four processes that compute, on one scheduler and on two.
%% bench: schedulers 1 2
-module(spread_work).
-export([main/0, run/1, worker/2]).

-define(WORKERS, 64).

main() -> bench:run(fun ?MODULE:run/1, 500).

run(Rounds) ->
    [spawn(?MODULE, worker, [self(), Rounds]) || _ <- lists:seq(1, ?WORKERS)],
    lists:sum([receive {done, Result} -> Result end || _ <- lists:seq(1, ?WORKERS)]).

worker(Parent, Rounds) -> Parent ! {done, lists:sum([fib(18) + tree(10) || _ <- lists:seq(1, Rounds)])}.

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

tree(Depth) -> count(build(Depth)).

build(0) -> leaf;
build(Depth) -> {build(Depth - 1), build(Depth - 1)}.

count(leaf) -> 1;
count({Left, Right}) -> count(Left) + count(Right).
