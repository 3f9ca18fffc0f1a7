%% Timers: times, cancelling, reading, absolute times, names, order.
-module(timers_kinds).
-export([main/0]).

show(What) -> io:format("~p~n", [What]).
try_(F) -> try F() catch C:E -> {C, E} end.
%% What is there, and so many messages however long they take.
flush(T) -> receive M -> [M | flush(T)] after T -> [] end.
take(0) -> flush(0);
take(N) -> receive M -> [M | take(N - 1)] after 20000 -> late end.

main() ->
    basic(), order(), cancel(), absolute(), names(), errors(), receives(), many(),
    io:format("done~n").

basic() ->
    T0 = erlang:monotonic_time(millisecond),
    R = erlang:start_timer(30, self(), {hello, "x"}),
    receive {timeout, R, M} -> show(M) end,
    T1 = erlang:monotonic_time(millisecond),
    show({not_early, T1 - T0 >= 30}),
    erlang:send_after(10, self(), plain),
    show(take(1)),
    erlang:send_after(0, self(), at_once),
    show(take(1)),
    show(is_reference(R)).

order() ->
    %% Due at times that are fixed at once.
    Now = erlang:monotonic_time(millisecond),
    [erlang:send_after(Now + T, self(), {after_, T}, [{abs, true}]) || T <- [60, 20, 40, 10, 50, 30]],
    show(take(6)),
    %% Those of one time come as they were set, even if it is over.
    [erlang:send_after(Now + T, self(), {I, T}, [{abs, true}]) || T <- [-20, 150, 400], I <- lists:seq(1, 10)],
    show(take(30)).

cancel() ->
    R = erlang:send_after(100000, self(), no),
    A = erlang:read_timer(R),
    show({read, A > 50000, A =< 100000}),
    B = erlang:cancel_timer(R),
    show({cancel, B > 50000, B =< 100000, B =< A}),
    show(erlang:cancel_timer(R)),
    show(erlang:read_timer(R)),
    R2 = erlang:start_timer(100000, self(), no),
    show(erlang:cancel_timer(R2, [{async, true}, {info, false}])),
    show(flush(10)),
    R3 = erlang:start_timer(100000, self(), no),
    show(erlang:cancel_timer(R3, [{async, true}])),
    show([{T, X =:= R3, is_integer(V)} || {T, X, V} <- take(1)]),
    show(erlang:cancel_timer(R3, [{info, false}])),
    show(erlang:read_timer(R3, [{async, true}])),
    show([{T, X =:= R3, V} || {T, X, V} <- take(1)]),
    show(erlang:cancel_timer(make_ref())),
    R4 = erlang:send_after(1, self(), fired),
    show(take(1)),
    show(erlang:cancel_timer(R4)),
    show(flush(0)).

absolute() ->
    Now = erlang:monotonic_time(millisecond),
    R = erlang:start_timer(Now + 30, self(), abs, [{abs, true}]),
    receive {timeout, R, abs} -> ok end,
    show({abs, erlang:monotonic_time(millisecond) >= Now + 30}),
    erlang:send_after(Now - 20, self(), past, [{abs, true}]),
    show(take(1)),
    erlang:send_after(10, self(), rel, [{abs, false}]),
    show(take(1)).

names() ->
    Me = self(),
    erlang:send_after(300, late_name, to_name),
    P = spawn(fun() -> register(late_name, self()), receive X -> Me ! {got, X} end, receive never -> ok end end),
    show(take(1)),
    erlang:send_after(10, nobody_has_this, x),
    show(is_process_alive(P)),
    {D, RD} = spawn_monitor(fun() -> ok end),
    receive {'DOWN', RD, _, _, _} -> ok end,
    R = erlang:send_after(100000, D, x),
    show(erlang:cancel_timer(R)),
    Q = spawn(fun() -> receive never -> ok end end),
    R2 = erlang:send_after(100000, Q, x),
    RQ = monitor(process, Q),
    exit(Q, kill),
    receive {'DOWN', RQ, _, _, _} -> ok end,
    %% OTP forgets the timer soon after.
    timer:sleep(100),
    show(erlang:read_timer(R2)).

errors() ->
    [show(try_(F)) || F <- [
        fun() -> erlang:send_after(-1, self(), x) end,
        fun() -> erlang:send_after(a, self(), x) end,
        fun() -> erlang:send_after(1 bsl 80, self(), x) end,
        fun() -> erlang:send_after(1, 1, x) end,
        fun() -> erlang:start_timer(1, self(), x, [{bad, true}]) end,
        fun() -> erlang:start_timer(1, self(), x, [{abs, maybe_}]) end,
        fun() -> erlang:cancel_timer(foo) end,
        fun() -> erlang:read_timer(foo) end,
        fun() -> erlang:cancel_timer(make_ref(), [bad]) end,
        fun() -> receive after -1 -> ok end end,
        fun() -> receive after foo -> ok end end,
        fun() -> receive after (1 bsl 32) -> ok end end]].

receives() ->
    T0 = erlang:monotonic_time(millisecond),
    receive never -> ok after 25 -> ok end,
    show(erlang:monotonic_time(millisecond) - T0 >= 25),
    %% Messages that do not match do not make the time start again.
    Me = self(),
    Noise = spawn(fun Loop() -> receive after 10 -> Me ! noise, Loop() end end),
    T1 = erlang:monotonic_time(millisecond),
    receive never -> ok after 200 -> ok end,
    D = erlang:monotonic_time(millisecond) - T1,
    show({D >= 200, lists:usort(take(1))}),
    RN = monitor(process, Noise),
    exit(Noise, kill),
    receive {'DOWN', RN, _, _, _} -> ok end,
    _ = flush(0),
    self() ! here,
    receive here -> show(first) after 0 -> show(timeout) end,
    receive here -> show(first) after 0 -> show(timeout) end,
    Inf = list_to_atom("infinity"),
    self() ! x,
    receive x -> show(x) after Inf -> no end.

many() ->
    N = 20000,
    Rs = [erlang:start_timer(100000 + I, self(), I) || I <- lists:seq(1, N)],
    show(length([R || R <- Rs, is_integer(erlang:cancel_timer(R))])),
    [erlang:send_after(I rem 50, self(), {t, I}) || I <- lists:seq(1, N)],
    show(lists:sum([receive {t, I} -> I end || I <- lists:seq(1, N)])).
