%% Links: exits that kill, exits that are trapped, unlink, and exit signals between two processes.
-module(spawn_links).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    P1 = spawn_link(fun() -> exit(first) end),
    show(receive {'EXIT', P1, R1} -> R1 end),
    P2 = spawn_link(fun() -> receive after infinity -> ok end end),
    exit(P2, please),
    show(receive {'EXIT', P2, R2} -> R2 end),
    P3 = spawn_link(fun() -> receive after infinity -> ok end end),
    exit(P3, kill),
    show(receive {'EXIT', P3, R3} -> R3 end),
    P4 = spawn_link(fun() -> spawn_link(fun() -> exit(inner) end), receive after infinity -> ok end end),
    show(receive {'EXIT', P4, R4} -> R4 end),
    P5 = spawn_link(fun() -> receive go -> ok end end),
    unlink(P5),
    P5 ! go,
    show(receive {'EXIT', P5, R5} -> R5 after 20 -> unlinked end),
    {P6, M6} = spawn_monitor(fun() -> receive stop -> ok end end),
    exit(P6, normal),
    P6 ! stop,
    show(receive {'DOWN', M6, process, P6, R6} -> R6 end),
    show(process_flag(trap_exit, false)).

show(X) -> io:format("~w~n", [X]).
