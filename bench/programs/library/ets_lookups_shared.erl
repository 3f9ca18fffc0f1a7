%% A table that is hardly written to, read by two processes at once: by key, by position and as a whole.
-module(ets_lookups_shared).
-export([main/0, run/1, worker/3]).

-define(WORKERS, 2).
-define(KEYS, 1000).

main() -> bench:run(fun ?MODULE:run/1, 400).

run(Rounds) ->
    Table = ets:new(objects, [set, protected, {read_concurrency, true}]),
    ets:insert(Table, [{Key, Key * 3, {name, Key}} || Key <- lists:seq(1, ?KEYS)]),
    [spawn_link(?MODULE, worker, [self(), Table, Rounds]) || _ <- lists:seq(1, ?WORKERS)],
    Sum = lists:sum([receive {sum, Sum} -> Sum end || _ <- lists:seq(1, ?WORKERS)]),
    ets:delete(Table),
    Sum.

worker(Parent, Table, Rounds) ->
    Keys = lists:seq(1, ?KEYS),
    Parent ! {sum, lists:sum([once(Table, Keys, Round) || Round <- lists:seq(1, Rounds)])}.

once(Table, Keys, Round) ->
    Names = lists:foldl(fun(Key, Sum) -> [{_, _, {name, Name}}] = ets:lookup(Table, Key), Sum + Name end, 0, Keys),
    Values = lists:foldl(fun(Key, Sum) -> Sum + ets:lookup_element(Table, Key, 2) end, 0, Keys),
    Names + Values + ets:select_count(Table, [{{'$1', '_', '_'}, [{'>', '$1', Round rem ?KEYS}], [true]}]).
