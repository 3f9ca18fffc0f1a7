%% Match specifications over whole tables, in one piece and with continuations.
-module(ets_select).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 40).

run(Rounds) ->
    Table = ets:new(objects, [set]),
    ets:insert(Table, [{Key, Key rem 10, {name, Key}} || Key <- lists:seq(1, 20000)]),
    Sums = [once(Table, N) || N <- lists:seq(1, Rounds)],
    ets:delete(Table),
    lists:sum(Sums).

once(Table, N) ->
    Group = N rem 10,
    Names = ets:select(Table, [{{'_', Group, {name, '$1'}}, [{'>', '$1', 100}], ['$1']}]),
    Count = ets:select_count(Table, [{{'$1', '$2', '_'}, [{'=:=', {'rem', '$1', 7}, '$2'}], [true]}]),
    Chunks = chunks(ets:select(Table, [{{'$1', Group, '_'}, [], [{{'$1', Group}}]}], 100), 0),
    lists:sum(Names) + Count + Chunks + length(ets:match_object(Table, {'_', Group, '_'})).

chunks('$end_of_table', Sum) -> Sum;
chunks({Objects, Continuation}, Sum) -> chunks(ets:select(Continuation), Sum + length(Objects)).
