%% Rules of processes one by one: suspending, hibernating, spawn requests, group leaders, names, orders of signals.
%% otp: 27+
%% beamrc: --allow-missing
-module(proc_rules).
-export([main/0, wake/1, echo/0]).

main() ->
    erlang:system_flag(system_logger, undefined),
    suspending(), hibernating(), requests(), names(), time_offset(), signals(), unlinking(), leaders(), crossing(),
    many_monitors(), aliases(), dictionary(),
    io:format("done~n").

show(What, How) -> io:format("~p ~p~n", [What, How]).
try_(F) -> try F() catch C:E -> {C, E} end.
flush() -> receive M -> [M | flush()] after 30 -> [] end.
end_of(P) -> R = monitor(process, P), receive {'DOWN', R, process, P, Why} -> Why end.

echo() -> receive {ask, F, X} -> F ! {told, X}, echo(); stop -> ok end.

suspending() ->
    Me = self(),
    P = spawn(?MODULE, echo, []),
    show(async, erlang:suspend_process(P, [asynchronous])),
    P ! {ask, self(), 1},
    show(suspended, flush()),
    show(status, process_info(P, status)),
    show(suspending, [{X =:= P, A, B} || {X, A, B} <- element(2, process_info(self(), suspending))]),
    show(again, erlang:suspend_process(P, [asynchronous, unless_suspending])),
    show(again, erlang:suspend_process(P, [unless_suspending])),
    show(tagged, erlang:suspend_process(P, [{asynchronous, {my, tag}}])),
    show(tagged, flush()),
    show(suspending, [{X =:= P, A, B} || {X, A, B} <- element(2, process_info(self(), suspending))]),
    show(resume, erlang:resume_process(P)),
    show(still, flush()),
    show(resume, erlang:resume_process(P)),
    show(told, flush()),
    show(resume, try_(fun() -> erlang:resume_process(P) end)),
    show(suspending, process_info(self(), suspending)),
    %% It can be killed, and asked, while it is suspended.
    true = erlang:suspend_process(P),
    show(alive, is_process_alive(P)),
    show(info, process_info(P, message_queue_len)),
    R = monitor(process, P),
    exit(P, bad),
    show(ended, receive {'DOWN', R, process, P, Why} -> Why after 1000 -> alive end),
    show(suspending, process_info(self(), suspending)),
    show(gone, try_(fun() -> erlang:suspend_process(P) end)),
    show(gone, try_(fun() -> erlang:suspend_process(P, [asynchronous]) end)),
    show(gone, try_(fun() -> erlang:suspend_process(P, [{asynchronous, t}]) end)),
    show(gone, flush()),
    show(gone, try_(fun() -> erlang:resume_process(P) end)),
    show(bad, [try_(fun() -> erlang:suspend_process(A, O) end)
               || {A, O} <- [{self(), []}, {foo, []}, {spawn(?MODULE, echo, []), [bad]}, {spawn(?MODULE, echo, []), bad}]]),
    %% Two suspend it: both have to let go.
    Q = spawn(?MODULE, echo, []),
    true = erlang:suspend_process(Q),
    Other = spawn(fun() -> erlang:suspend_process(Q), Me ! suspended, receive go -> erlang:resume_process(Q), Me ! resumed, receive stop -> ok end end end),
    receive suspended -> ok end,
    Q ! {ask, self(), 2},
    true = erlang:resume_process(Q),
    show(other, flush()),
    Other ! go,
    show(both, flush()),
    exit(Other, kill), exit(Q, kill).

wake(Me) -> Me ! {woken, flush(), get(key)}.

hibernating() ->
    Me = self(),
    H = fun(F) -> spawn(fun() -> F(), put(key, kept), erlang:hibernate(?MODULE, wake, [Me]) end) end,
    P = H(fun() -> ok end),
    timer:sleep(20),
    show(state, process_info(P, [status, current_function, message_queue_len])),
    P ! one,
    show(woken, receive W -> W end),
    Q = H(fun() -> process_flag(trap_exit, true), Me ! trapping end),
    receive trapping -> ok end,
    timer:sleep(20),
    exit(Q, wake_up),
    show(woken, receive {woken, [{'EXIT', Me, Why}], K} -> {Why, K} end),
    D = H(fun() -> ok end),
    timer:sleep(20),
    R = monitor(process, D),
    exit(D, no_more),
    show(ended, receive {'DOWN', R, process, D, Why2} -> Why2 end),
    {U, RU} = spawn_monitor(fun() -> erlang:hibernate(?MODULE, list_to_atom("no_such_function"), [1]) end),
    U ! wake,
    show(undefined, receive {'DOWN', RU, process, U, {E, [{_, F, A, _} | _]}} -> {E, F, A} end),
    show(bad, [try_(fun() -> erlang:hibernate(M, F2, A2) end)
               || {M, F2, A2} <- [{m, f, [a | b]}, {m, "f", []}, {m, f, lists:duplicate(5122, a)}]]),
    G = spawn(fun() -> process_info(self(), messages), garbage_collect(), erlang:hibernate(?MODULE, wake, [Me]) end),
    timer:sleep(20),
    show(collected, garbage_collect(G)),
    show(state, process_info(G, status)),
    exit(G, kill).

requests() ->
    process_flag(trap_exit, true),
    R = spawn_request(?MODULE, echo, [], [link, {monitor, [{tag, down}]}, {reply_tag, t}, {priority, high}]),
    P = receive {t, R, ok, P0} -> P0 end,
    show(linked, {lists:member(P, element(2, process_info(self(), links))), process_info(P, priority)}),
    P ! stop,
    show(both, lists:sort([case M of {down, R, process, P, W} -> {down, W}; {'EXIT', P, W} -> {exit, W}; M -> M end || M <- flush()])),
    R2 = spawn_request(erlang, exit, [bye], [monitor, {reply, error_only}]),
    show(error_only, [case M of {'DOWN', R2, process, X, W} when is_pid(X) -> {down, W}; M -> M end || M <- flush()]),
    R3 = spawn_request(fun() -> ok end, [{reply, success_only}, {bad, option}]),
    show(success_only, [case M of {spawn_reply, R3, S, W} -> {S, W}; M -> M end || M <- flush()]),
    show(bad, [try_(F) || F <- [
        fun() -> spawn_request(foo) end,
        fun() -> spawn_request(1, b, []) end,
        fun() -> spawn_request(fun() -> ok end, [{reply_tag, x} | bad]) end]]),
    show(abandon, [try_(fun() -> spawn_request_abandon(X) end) || X <- [make_ref(), foo]]),
    R4 = spawn_request(fun() -> receive stop -> ok end end, [{monitor, [{alias, explicit_unalias}]}]),
    P4 = receive {spawn_reply, R4, ok, P40} -> P40 end,
    R4 ! to_alias,
    show(alias, flush()),
    show(unalias, unalias(R4)),
    exit(P4, kill),
    flush(),
    process_flag(trap_exit, false).

names() ->
    %% Of many that want a name one has it, and it is free when that one is gone.
    Me = self(),
    [spawn(fun() ->
        Me ! {I, try register(wanted, self()), receive go -> ok end, had catch error:badarg -> refused end}
     end) || I <- lists:seq(1, 50)],
    show(refused, length([refused || _ <- lists:seq(1, 49), receive {_, X} -> X =:= refused end])),
    wanted ! go,
    show(had, receive {_, X} -> X end),
    gone(wanted),
    [begin
         P = spawn(fun() -> register(short, self()), Me ! registered, receive stop -> ok end end),
         receive registered -> ok end,
         true = whereis(short) =:= P,
         R = monitor(process, P), short ! stop, receive {'DOWN', R, process, P, normal} -> ok end,
         undefined = whereis(short)
     end || _ <- lists:seq(1, 200)],
    P = spawn(?MODULE, echo, []),
    true = register(first, P),
    true = unregister(first),
    true = register(second, P),
    show(second, process_info(P, registered_name)),
    R = monitor(process, second),
    true = unregister(second),
    exit(P, stopped),
    show(down, receive {'DOWN', R, process, Object, Why} -> {Object, Why} end).

gone(Name) -> case whereis(Name) of undefined -> ok; _ -> erlang:yield(), gone(Name) end.

time_offset() ->
    R = monitor(time_offset, clock_service),
    show(monitors, process_info(self(), monitors)),
    show(demonitor, demonitor(R, [info])),
    show(monitors, process_info(self(), monitors)),
    show(bad, [try_(fun() -> monitor(T, W) end) || {T, W} <- [{time_offset, foo}, {time_offset, self()}, {foo, clock_service}]]).

signals() ->
    %% Signals of one sender arrive in order, whatever they are.
    Me = self(),
    P = spawn(fun() -> process_flag(trap_exit, true), Me ! ready, receive go -> ok end, Me ! {all, flush()} end),
    receive ready -> ok end,
    P ! 1, exit(P, a), P ! 2, link(P), P ! 3, unlink(P), exit(P, b), group_leader(self(), P), P ! go,
    show(order, receive {all, L} -> [case M of {'EXIT', Me, W} -> W; M -> M end || M <- L] end),
    %% What was sent before the end arrives before it.
    {Q, R} = spawn_monitor(fun() -> [Me ! I || I <- lists:seq(1, 5)], exit(last) end),
    receive {'DOWN', R, process, Q, last} -> show(before, flush()) end,
    %% normal does not end others, but is a message to those that trap exits.
    T = spawn(fun() -> process_flag(trap_exit, true), Me ! ready, Me ! {all, flush()} end),
    receive ready -> ok end,
    exit(T, normal),
    show(normal, receive {all, [{'EXIT', Me, normal}]} -> message; {all, O} -> O end),
    N = spawn(?MODULE, echo, []),
    exit(N, normal),
    N ! {ask, self(), 1},
    show(normal, flush()),
    exit(N, kill),
    show(killed, end_of(spawn(fun() -> exit(self(), kill), receive never -> ok end end))),
    show(self, end_of(spawn(fun() -> exit(self(), normal), receive never -> ok end end))),
    show(self, end_of(spawn(fun() -> process_flag(trap_exit, true), exit(self(), normal), receive {'EXIT', _, X} -> exit({got, X}) end end))),
    show(kill_reason, end_of(spawn(fun() -> exit(kill) end))),
    show(linked_kill, begin
        K = spawn(fun() -> spawn_link(fun() -> exit(kill) end), receive never -> ok end end),
        end_of(K) end).

unlinking() ->
    process_flag(trap_exit, true),
    %% After unlink nothing comes of the link.
    show(unlinked, [begin
        P = spawn_link(fun() -> ok end),
        unlink(P),
        receive {'EXIT', P, _} -> ok after 0 -> ok end,
        end_of(P),
        receive {'EXIT', P, W} -> W after 0 -> none end
     end || _ <- lists:seq(1, 5)]),
    Ps = [spawn_link(fun() -> ok end) || _ <- lists:seq(1, 1000)],
    [unlink(P) || P <- Ps],
    _ = flush(),
    [noproc = end_of(P) || P <- Ps],
    show(late, flush()),
    process_flag(trap_exit, false).

leaders() ->
    Me = self(),
    G = group_leader(),
    P = spawn(fun() -> receive {leader, F} -> F ! {leader, group_leader()} end end),
    true = group_leader(Me, P),
    P ! {leader, Me},
    show(leader, receive {leader, L} -> L =:= Me end),
    D = spawn(fun() -> ok end),
    end_of(D),
    show(gone, try_(fun() -> group_leader(Me, D) end)),
    Q = spawn(?MODULE, echo, []),
    true = group_leader(D, Q),
    show(dead, process_info(Q, group_leader) =:= {group_leader, D}),
    exit(Q, kill),
    show(own, begin group_leader(Me, self()), R = group_leader() =:= Me, group_leader(G, self()), R end).

%% Both ends link and unlink at once; in the end they agree.
crossing() ->
    Loop = fun Loop(_, 0) -> ok; Loop(O, N) -> link(O), unlink(O), Loop(O, N - 1) end,
    {A, RA} = spawn_monitor(fun() -> receive {other, O} -> Loop(O, 2000) end, receive finish -> exit(element(2, process_info(self(), links))) end end),
    {B, RB} = spawn_monitor(fun() -> Loop(A, 2000), receive finish -> exit(element(2, process_info(self(), links))) end end),
    A ! {other, B},
    timer:sleep(100),
    A ! finish,
    WA = receive {'DOWN', RA, process, A, W1} -> W1 end,
    B ! finish,
    WB = receive {'DOWN', RB, process, B, W2} -> W2 end,
    show(crossing, {WA, WB}).

many_monitors() ->
    P = spawn(?MODULE, echo, []),
    Rs = [monitor(process, P) || _ <- lists:seq(1, 100)],
    show(count, length(element(2, process_info(self(), monitors)))),
    show(count, length(element(2, process_info(P, monitored_by)))),
    [true = demonitor(R, [flush]) || R <- Rs, erlang:phash2(R, 2) =:= 2],
    {Half, Rest} = lists:split(50, Rs),
    [true = demonitor(R) || R <- Half],
    P ! stop,
    show(order, [R || {'DOWN', R, process, _, normal} <- flush()] -- Rest),
    show(left, process_info(self(), monitors)).

aliases() ->
    Me = self(),
    P = spawn(fun() -> receive {to, A} -> A ! {reply, 1}, A ! {reply, 2}, Me ! sent end, receive stop -> exit(stopped) end end),
    R = monitor(process, P, [{alias, reply_demonitor}]),
    P ! {to, R},
    receive sent -> ok end,
    show(first, flush()),
    P ! stop,
    show(nothing, flush()),
    A = alias(),
    Q = spawn(fun() -> receive stop -> ok end, A ! late end),
    unalias(A),
    Q ! stop,
    show(late, flush()),
    show(send, [erlang:send(make_ref(), x), erlang:send(A, x, [noconnect])]).

dictionary() ->
    show(dictionary, lists:sort([put(a, 1), put(a, 2), put({b}, 3), get(a), get({b}), get(c)])),
    show(keys, {lists:sort(get_keys()), get_keys(3), lists:sort(get())}),
    show(erase, {erase(a), erase(a), lists:sort(erase()), get()}).
