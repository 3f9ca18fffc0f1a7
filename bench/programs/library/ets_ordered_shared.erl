%% An ordered set that two processes put objects into, look them up in and take them out of at once, on
%% one scheduler and on two. Their keys stand next to each other.
%% bench: schedulers 1 2
-module(ets_ordered_shared).
-export([main/0, run/1, run/2, worker/5]).

-define(WORKERS, 2).
-define(KEYS, 20000).
%% Primes, so that keys do not come in their order, and not in the same one to both.
-define(STEP(Worker), element(Worker, {7919, 6101})).

main() -> bench:run(fun ?MODULE:run/1, 40).

run(Rounds) -> run(Rounds, fun(Key, Worker) -> Key * ?WORKERS + Worker end).

run(Rounds, KeyOf) ->
    Table = ets:new(objects, [ordered_set, public, {write_concurrency, true}]),
    [spawn_link(?MODULE, worker, [self(), Table, Worker, Rounds, KeyOf]) || Worker <- lists:seq(1, ?WORKERS)],
    Sum = lists:sum([receive {sum, Sum} -> Sum end || _ <- lists:seq(1, ?WORKERS)]),
    Left = ets:info(Table, size),
    ets:delete(Table),
    Sum + Left.

worker(Parent, Table, Worker, Rounds, KeyOf) ->
    Numbers = [Key * ?STEP(Worker) rem ?KEYS || Key <- lists:seq(1, ?KEYS)],
    Keys = [{KeyOf(Number, Worker), Number} || Number <- Numbers],
    Parent ! {sum, rounds(Table, Keys, Rounds, 0)}.

rounds(_Table, _Keys, 0, Sum) -> Sum;
rounds(Table, Keys, Round, Sum) ->
    [ets:insert(Table, {Key, {value, Number * Round}, "text"}) || {Key, Number} <- Keys],
    Found = lists:foldl(fun({Key, _}, S) -> [{_, {value, Value}, _}] = ets:lookup(Table, Key), S + Value end, Sum, Keys),
    [ets:delete(Table, Key) || {Key, Number} <- Keys, Number rem 3 =:= 0],
    rounds(Table, Keys, Round - 1, Found).
