%% The reasons that a monitor reports for every way a process can end.
-module(spawn_monitor_reasons).
-export([main/0]).

main() ->
    Ways = [
        fun() -> ok end,
        fun() -> exit(normal) end,
        fun() -> exit({shutdown, x}) end,
        fun() -> exit(self(), kill), receive after infinity -> ok end end,
        fun() -> process_flag(trap_exit, true), exit(self(), stop), receive {'EXIT', _, R} -> exit({trapped, R}) end end,
        fun() -> receive after 5 -> exit("list") end end
    ],
    [begin {_, Ref} = spawn_monitor(F), receive {'DOWN', Ref, process, _, Reason} -> io:format("~p~n", [Reason]) end end || F <- Ways],
    {Dead, R0} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', R0, process, Dead, normal} -> ok end,
    R1 = monitor(process, Dead),
    receive {'DOWN', R1, process, Dead, Why} -> io:format("~p~n", [Why]) end,
    R2 = monitor(process, spawn(fun() -> ok end)),
    io:format("~p~n", [demonitor(R2, [flush])]),
    io:format("~p~n", [receive M -> M after 20 -> none end]).
