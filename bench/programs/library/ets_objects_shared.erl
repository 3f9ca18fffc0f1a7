%% A table that two processes put objects into, look them up in and take them out of at once.
-module(ets_objects_shared).
-export([main/0, run/1, worker/4]).

-define(WORKERS, 2).
-define(KEYS, 10000).

main() -> bench:run(fun ?MODULE:run/1, 20).

run(Rounds) ->
    Table = ets:new(objects, [set, public, {read_concurrency, true}, {write_concurrency, true}]),
    [spawn_link(?MODULE, worker, [self(), Table, Worker, Rounds]) || Worker <- lists:seq(1, ?WORKERS)],
    Sum = lists:sum([receive {sum, Sum} -> Sum end || _ <- lists:seq(1, ?WORKERS)]),
    Left = ets:info(Table, size),
    ets:delete(Table),
    Sum + Left.

worker(Parent, Table, Worker, Rounds) ->
    Keys = [Key * ?WORKERS + Worker || Key <- lists:seq(1, ?KEYS)],
    Parent ! {sum, rounds(Table, Keys, Rounds, 0)}.

rounds(_Table, _Keys, 0, Sum) -> Sum;
rounds(Table, Keys, Round, Sum) ->
    [ets:insert(Table, {Key, {value, Key * Round}, "text"}) || Key <- Keys],
    Found = lists:foldl(fun(Key, S) -> [{_, {value, Value}, _}] = ets:lookup(Table, Key), S + Value end, Sum, Keys),
    [ets:delete(Table, Key) || Key <- Keys, Key rem 3 =:= 0],
    rounds(Table, Keys, Round - 1, Found).
