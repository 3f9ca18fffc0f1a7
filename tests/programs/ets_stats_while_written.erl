%% A table's statistics are asked for while others write to it: nobody waits for ever.
-module(ets_stats_while_written).
-export([main/0, ask/2, write/2]).

main() ->
    Table = ets:new(table, [public]),
    Work = [spawn_monitor(?MODULE, Task, [Table, 300000]) || Task <- [ask, write, ask, write]],
    io:format("~w~n", [[receive {'DOWN', Reference, process, Pid, Reason} -> Reason end || {Pid, Reference} <- Work]]),
    io:format("~w~n", [ets:info(Table, size)]).

ask(_, 0) -> ok;
ask(Table, N) ->
    true = is_tuple(ets:info(Table, stats)),
    ask(Table, N - 1).

write(_, 0) -> ok;
write(Table, N) ->
    true = ets:insert(Table, {N rem 10, N}),
    write(Table, N - 1).
