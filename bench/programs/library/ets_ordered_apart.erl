%% The same as ets_ordered_shared, each process with a range of keys of its own.
%% bench: schedulers 1 2
-module(ets_ordered_apart).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 40).

run(Rounds) -> ets_ordered_shared:run(Rounds, fun(Key, Worker) -> Worker * 1000000 + Key end).
