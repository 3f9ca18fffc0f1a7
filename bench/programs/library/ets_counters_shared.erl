%% The same by two processes at once.
-module(ets_counters_shared).
-export([main/0, run/1, worker/3]).

-define(WORKERS, 2).

main() -> bench:run(fun ?MODULE:run/1, 1000000).

run(Rounds) ->
    Table = ets:new(counters, [set, public, {write_concurrency, true}]),
    ets:insert(Table, [{Key, 0, none} || Key <- lists:seq(0, 999)]),
    [spawn_link(?MODULE, worker, [self(), Table, Rounds div ?WORKERS]) || _ <- lists:seq(1, ?WORKERS)],
    [receive done -> ok end || _ <- lists:seq(1, ?WORKERS)],
    Sum = ets:foldl(fun({_, Count, _}, Sum) -> Sum + Count end, 0, Table),
    ets:delete(Table),
    Sum.

worker(Parent, Table, Rounds) ->
    ets_counters:count(Table, Rounds),
    Parent ! done.
