%% Objects of a table: put in, looked up, taken out again.
-module(ets_objects).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 10).

run(Rounds) -> lists:sum([once(N) || N <- lists:seq(1, Rounds)]).

once(N) ->
    Table = ets:new(objects, [set]),
    Keys = lists:seq(1, 20000),
    [ets:insert(Table, {Key, {value, Key * N}, "text"}) || Key <- Keys],
    Sum = lists:foldl(fun(Key, Sum) -> Sum + value(ets:lookup(Table, Key)) end, 0, Keys),
    [ets:delete(Table, Key) || Key <- Keys, Key rem 3 =:= 0],
    Left = ets:info(Table, size),
    ets:delete(Table),
    Sum + Left.

value([{_, {value, Value}, _}]) -> Value.
