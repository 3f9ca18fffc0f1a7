%% Counters and elements of a table's objects, updated in place.
-module(ets_counters).
-export([main/0, run/1, count/2]).

main() -> bench:run(fun ?MODULE:run/1, 1000000).

run(Rounds) ->
    Table = ets:new(counters, [set]),
    ets:insert(Table, [{Key, 0, none} || Key <- lists:seq(0, 999)]),
    count(Table, Rounds),
    Sum = ets:foldl(fun({_, Count, _}, Sum) -> Sum + Count end, 0, Table),
    ets:delete(Table),
    Sum.

count(_Table, 0) -> ok;
count(Table, N) ->
    Key = N rem 1000,
    Count = ets:update_counter(Table, Key, {2, 1}),
    N rem 4 =:= 0 andalso ets:update_element(Table, Key, {3, Count}),
    count(Table, N - 1).
