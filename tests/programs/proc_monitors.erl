%% Monitors of processes and names, demonitor and its options, tags and aliases.
-module(proc_monitors).
-export([main/0]).

main() ->
    basic(), named(), demonitors(), tags(), aliases(), many(), errors(),
    io:format("done~n").

show(What) -> io:format("~p~n", [What]).
flush() -> receive M -> [M | flush()] after 20 -> [] end.
waiter() -> spawn(fun() -> receive {exit, R} -> exit(R) end end).

basic() ->
    P = waiter(),
    R1 = monitor(process, P),
    R2 = erlang:monitor(process, P),
    P ! {exit, {why, not_}},
    Ms = flush(),
    show({two, lists:sort([{case R of R1 -> 1; R2 -> 2 end, T, Q =:= P, W} || {'DOWN', R, T, Q, W} <- Ms])}),
    R3 = monitor(process, P),
    receive {'DOWN', R3, process, P, W3} -> show({dead, W3}) end,
    show({self, is_reference(monitor(process, self()))}),
    show(process_info(self(), monitors)),
    {Q, RQ} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', RQ, process, Q, WQ} -> show(WQ) end,
    {Q2, RQ2} = spawn_monitor(fun() -> exit({bad, thing}) end),
    receive {'DOWN', RQ2, process, Q2, WQ2} -> show(WQ2) end.

named() ->
    P = waiter(),
    true = register(some_name, P),
    R = monitor(process, some_name),
    R2 = monitor(process, {some_name, node()}),
    show(process_info(self(), monitors)),
    show(element(2, process_info(P, monitored_by)) =:= [self(), self()]),
    P ! {exit, bye},
    receive {'DOWN', R, process, O, W} -> show({O, W}) end,
    receive {'DOWN', R2, process, O2, W2} -> show({O2, W2}) end,
    R3 = monitor(process, some_name),
    receive {'DOWN', R3, process, O3, W3} -> show({O3, W3}) end.

demonitors() ->
    P = waiter(),
    R = monitor(process, P),
    show(demonitor(R)),
    show(demonitor(R)),
    show(demonitor(R, [info])),
    R2 = monitor(process, P),
    show(demonitor(R2, [info])),
    R3 = monitor(process, P),
    P ! {exit, now},
    timer:sleep(20),
    show(demonitor(R3, [info])),
    show([W || {'DOWN', X, process, _, W} <- flush(), X =:= R3]),
    R4 = monitor(process, P),
    show(demonitor(R4, [flush])),
    show(flush()),
    R5 = monitor(process, P),
    show(demonitor(R5, [flush, info])),
    show(flush()),
    show(demonitor(make_ref(), [info])).

tags() ->
    P = waiter(),
    R = monitor(process, P, [{tag, {my, <<"tag">>, [1]}}]),
    P ! {exit, x},
    receive {T, R, process, P, W} -> show({T, W}) end,
    {Q, RQ} = spawn_opt(fun() -> exit(y) end, [{monitor, [{tag, tagged}]}]),
    receive {tagged, RQ, process, Q, y} -> show(ok) end.

server() ->
    receive
        {req, Alias, X} -> Alias ! {Alias, X * 2}, Alias ! {Alias, again}, server();
        stop -> ok
    end.

aliases() ->
    S = spawn(fun server/0),
    %% reply_demonitor: gone after the first reply.
    R = monitor(process, S, [{alias, reply_demonitor}]),
    S ! {req, R, 21},
    show([X || {A, X} <- flush(), A =:= R]),
    show(demonitor(R, [info])),
    %% demonitor: until demonitored.
    R2 = monitor(process, S, [{alias, demonitor}]),
    S ! {req, R2, 1},
    show([X || {A, X} <- flush(), A =:= R2]),
    demonitor(R2),
    S ! {req, R2, 1},
    show(flush()),
    %% explicit_unalias: survives the monitor.
    R3 = monitor(process, S, [{alias, explicit_unalias}]),
    demonitor(R3),
    S ! {req, R3, 2},
    show([X || {A, X} <- flush(), A =:= R3]),
    show(unalias(R3)),
    show(unalias(R3)),
    S ! {req, R3, 2},
    show(flush()),
    A = alias(),
    A ! one, A ! two,
    show(flush()),
    show(unalias(A)),
    A ! three,
    show(flush()),
    B = alias([reply]),
    B ! one, B ! two,
    show(flush()),
    show(unalias(B)),
    %% Of another process.
    Me = self(),
    O = spawn(fun() -> C = alias(), Me ! {alias, C}, receive X -> Me ! {got, X} end end),
    receive {alias, C} -> C ! hi, show(unalias(C)) end,
    show(flush()),
    show(is_process_alive(O)),
    show(send_to_plain_ref()).

send_to_plain_ref() ->
    R = make_ref(),
    R ! ignored,
    flush().

many() ->
    Ps = [spawn_monitor(fun() -> receive go -> exit({n, N}) end end) || N <- lists:seq(1, 100)],
    [P ! go || {P, _} <- Ps],
    show([receive {'DOWN', R, process, P, {n, N}} -> N end || {P, R} <- Ps]).

errors() ->
    [show(try F() catch error:E -> E end)
     || F <- [fun() -> monitor(process, 1) end,
              fun() -> monitor(foo, self()) end,
              fun() -> monitor(process, self(), [bad]) end,
              fun() -> demonitor(foo) end,
              fun() -> demonitor(make_ref(), [bad]) end,
              fun() -> demonitor(make_ref(), [flush | bad]) end,
              fun() -> alias([bad]) end,
              fun() -> unalias(foo) end,
              fun() -> unalias(make_ref()) end,
              fun() -> monitor(time_offset, foo) end]].
