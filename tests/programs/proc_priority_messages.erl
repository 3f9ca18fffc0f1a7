%% Priority messages: they stand before ordinary ones in the message queue, in their own order.
%% otp: 28+
-module(proc_priority_messages).
-export([main/0]).

main() ->
    aliases(), more_aliases(), monitors(), links(), exits(), spawned(), receiving(), errors(),
    io:format("done~n").

show(What, How) -> io:format("~p ~p~n", [What, How]).
try_(F) -> try F() catch C:E -> {C, E} end.
flush() -> receive M -> [M | flush()] after 20 -> [] end.
enabled() -> element(2, process_info(self(), priority_messages)).

aliases() ->
    show(enabled, enabled()),
    A = alias([priority]),
    show(enabled, enabled()),
    self() ! one, self() ! two,
    erlang:send(A, first, [priority]),
    erlang:send(A, ordinary),
    A ! bang,
    erlang:send(A, second, [priority]),
    self() ! three,
    show(messages, process_info(self(), messages)),
    show(length, process_info(self(), message_queue_len)),
    show(order, flush()),
    %% Without the option when it was made, an alias is no priority alias.
    B = alias(),
    self() ! one,
    erlang:send(B, late, [priority]),
    erlang:send(self(), later, [priority]),
    show(plain, flush()),
    show(unalias, {unalias(A), unalias(B)}),
    show(enabled, enabled()),
    erlang:send(A, gone, [priority]),
    show(gone, flush()).

more_aliases() ->
    Me = self(),
    A = alias([priority, reply]),
    self() ! one,
    erlang:send(A, reply, [priority]),
    erlang:send(A, none, [priority]),
    show(reply, flush()),
    show(enabled, enabled()),
    B = alias([explicit_unalias, priority]),
    [Me ! {ordinary, I} || I <- lists:seq(1, 3)],
    P = spawn(fun() -> [erlang:send(B, {first, I}, [priority]) || I <- lists:seq(1, 3)], Me ! sent end),
    receive sent -> ok end,
    show(other, {flush(), is_pid(P)}),
    show(options, [try_(fun() -> erlang:send(B, x, [priority, O]) end) || O <- [nosuspend, noconnect, bad]]),
    show(options, flush()),
    unalias(B).

ended(P) -> R = monitor(process, P), receive {'DOWN', R, _, _, _} -> ok end.

monitors() ->
    P = spawn(fun() -> receive stop -> exit(stopped) end end),
    R = monitor(process, P, [priority]),
    show(enabled, enabled()),
    self() ! one,
    P ! stop,
    Q = spawn(fun() -> ended(P) end),
    wait(Q),
    show(down, [case M of {'DOWN', R, process, P, W} -> {down, W}; _ -> M end || M <- flush()]),
    show(enabled, enabled()),
    P2 = spawn(fun() -> receive stop -> exit(stopped) end end),
    R2 = monitor(process, P2, [priority, {tag, tagged}, {alias, explicit_unalias}]),
    self() ! one,
    erlang:send(R2, via_monitor, [priority]),
    P2 ! stop,
    wait(P2),
    show(tagged, [case M of {tagged, R2, process, P2, W} -> {tagged, W}; _ -> M end || M <- flush()]),
    show(unalias, unalias(R2)),
    R3 = monitor(process, self(), [priority]),
    show(self, {is_reference(R3), enabled()}),
    P4 = spawn(fun() -> receive stop -> ok end end),
    R4 = monitor(process, P4, [priority]),
    show(enabled, {enabled(), demonitor(R4), enabled()}),
    exit(P4, kill),
    self() ! one,
    R5 = monitor(process, P4, [priority]),
    show(noproc, [case M of {'DOWN', R5, process, P4, W} -> {down, W}; _ -> M end || M <- flush()]).

%% Waits without receiving what has come.
wait(P) ->
    case is_process_alive(P) of
        true -> erlang:yield(), wait(P);
        false -> timer:sleep(20)
    end.

links() ->
    process_flag(trap_exit, true),
    P = spawn(fun() -> receive stop -> exit(stopped) end end),
    true = link(P, [priority]),
    show(enabled, enabled()),
    self() ! one,
    P ! stop, wait(P),
    show(exit, [case M of {'EXIT', P, W} -> {exit, W}; _ -> M end || M <- flush()]),
    show(enabled, enabled()),
    %% Linked again without the option.
    P2 = spawn(fun() -> receive stop -> exit(stopped) end end),
    true = link(P2, [priority]),
    true = link(P2),
    show(enabled, enabled()),
    self() ! one,
    P2 ! stop, wait(P2),
    show(exit, [case M of {'EXIT', P2, W} -> {exit, W}; _ -> M end || M <- flush()]),
    P3 = spawn(fun() -> receive stop -> exit(stopped) end end),
    true = link(P3),
    true = link(P3, [priority]),
    show(enabled, enabled()),
    self() ! one,
    P3 ! stop, wait(P3),
    show(exit, [case M of {'EXIT', P3, W} -> {exit, W}; _ -> M end || M <- flush()]),
    P4 = spawn(fun() -> receive stop -> ok end end),
    true = link(P4, [priority]),
    true = unlink(P4),
    show(enabled, enabled()),
    exit(P4, kill),
    wait(P4),
    self() ! one,
    true = link(P4, [priority]),
    show(noproc, [case M of {'EXIT', P4, W} -> {exit, W}; _ -> M end || M <- flush()]),
    show(enabled, enabled()),
    process_flag(trap_exit, false).

exits() ->
    process_flag(trap_exit, true),
    Me = self(),
    A = alias([priority]),
    self() ! one,
    spawn(fun() -> exit(A, through_alias, [priority]), Me ! sent end),
    show(exit, [case M of {'EXIT', P, W} when is_pid(P) -> {exit, W}; _ -> M end || M <- begin timer:sleep(50), flush() end]),
    self() ! one,
    exit(A, no_option, []),
    show(exit, [case M of {'EXIT', Me, W} -> {exit, W}; _ -> M end || M <- flush()]),
    self() ! one,
    exit(Me, to_process, [priority]),
    show(exit, [case M of {'EXIT', Me, W} -> {exit, W}; _ -> M end || M <- flush()]),
    self() ! one,
    exit(A, normal, [priority]),
    show(exit, [case M of {'EXIT', Me, W} -> {exit, W}; _ -> M end || M <- flush()]),
    unalias(A),
    exit(A, gone, [priority]),
    show(exit, flush()),
    B = alias(),
    self() ! one,
    exit(B, plain, [priority]),
    show(exit, [case M of {'EXIT', Me, W} -> {exit, W}; _ -> M end || M <- flush()]),
    unalias(B),
    process_flag(trap_exit, false),
    %% Not trapped, it ends the process.
    {P, R} = spawn_monitor(fun() -> Me ! {alias, alias([priority])}, receive never -> ok end end),
    receive {alias, C} -> exit(C, killing, [priority]) end,
    receive {'DOWN', R, process, P, Why} -> show(ended, Why) end,
    {P2, R2} = spawn_monitor(fun() -> Me ! {alias, alias([reply])}, receive never -> ok end end),
    receive {alias, D} -> exit(D, kill) end,
    show(ended, receive {'DOWN', R2, process, P2, Why2} -> Why2 after 20 -> alive end),
    exit(P2, kill),
    flush().

spawned() ->
    process_flag(trap_exit, true),
    {P, R} = spawn_opt(fun() -> receive stop -> exit(stopped) end end, [{link, [priority]}, {monitor, [priority]}]),
    show(enabled, enabled()),
    self() ! one,
    P ! stop, wait(P),
    show(both, lists:sort([case M of {'DOWN', R, process, P, W} -> {down, W}; {'EXIT', P, W} -> {exit, W}; _ -> M end || M <- flush()])),
    P2 = spawn_opt(fun() -> receive stop -> exit(stopped) end end, [{link, []}]),
    show(enabled, enabled()),
    self() ! one,
    P2 ! stop, wait(P2),
    show(exit, [case M of {'EXIT', P2, W} -> {exit, W}; _ -> M end || M <- flush()]),
    process_flag(trap_exit, false).

%% A receive that has already passed messages sees a priority message that comes later.
receiving() ->
    Me = self(),
    A = alias([priority]),
    self() ! one, self() ! two,
    spawn(fun() -> timer:sleep(20), erlang:send(A, now, [priority]) end),
    show(passed, receive now -> now after 1000 -> none end),
    spawn(fun() -> timer:sleep(20), erlang:send(A, {match, 1}, [priority]), Me ! {match, 2} end),
    show(passed, receive {match, N} -> N after 1000 -> none end),
    timer:sleep(20),
    show(rest, flush()),
    %% Also where it goes on from a new reference.
    Ref = make_ref(),
    spawn(fun() -> erlang:send(A, {Ref, 1}, [priority]), Me ! {Ref, 2} end),
    timer:sleep(20),
    show(reference, receive {Ref, X} -> X end),
    show(rest, [Y || {R, Y} <- flush(), R =:= Ref]),
    unalias(A).

errors() ->
    P = spawn(fun() -> receive stop -> ok end end),
    [show(error, try_(F)) || F <- [
        fun() -> alias([priority, bad]) end,
        fun() -> alias([{priority, true}]) end,
        fun() -> link(P, [bad]) end,
        fun() -> link(P, priority) end,
        fun() -> link(P, []), unlink(P) end,
        fun() -> link(foo, [priority]) end,
        fun() -> exit(P, r, [bad]) end,
        fun() -> exit(P, r, bad) end,
        fun() -> exit(foo, r, [priority]) end,
        fun() -> exit(make_ref(), r, [priority]) end,
        fun() -> monitor(process, P, [{priority, true}]) end,
        fun() -> monitor(process, P, [priority | bad]) end,
        fun() -> erlang:send(P, m, [priority | bad]) end,
        fun() -> spawn_opt(fun() -> ok end, [{link, priority}]) end,
        fun() -> spawn_opt(fun() -> ok end, [{link, [bad]}]) end,
        fun() -> erlang:exit_signal(make_ref(), r, [priority]) end,
        fun() -> erlang:exit_signal(P, r, [bad]) end]],
    exit(P, kill).
