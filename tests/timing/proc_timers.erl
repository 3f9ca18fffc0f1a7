%% Timers: times, cancelling, reading, absolute times, names, order.
-module(proc_timers).
-export([main/0]).

show(What) -> io:format("~p~n", [What]).
try_(F) -> try F() catch C:E -> {C, E} end.
flush(T) -> receive M -> [M | flush(T)] after T -> [] end.

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
    show(flush(60)),
    erlang:send_after(0, self(), at_once),
    show(flush(20)),
    show(is_reference(R)).

order() ->
    [erlang:send_after(T, self(), {after_, T}) || T <- [60, 20, 40, 10, 50, 30]],
    show(flush(120)).

cancel() ->
    R = erlang:send_after(10000, self(), no),
    A = erlang:read_timer(R),
    show({read, A > 9000, A =< 10000}),
    B = erlang:cancel_timer(R),
    show({cancel, B > 9000, B =< 10000}),
    show(erlang:cancel_timer(R)),
    show(erlang:read_timer(R)),
    R2 = erlang:start_timer(10000, self(), no),
    show(erlang:cancel_timer(R2, [{async, true}, {info, false}])),
    show(flush(10)),
    R3 = erlang:start_timer(10000, self(), no),
    show(erlang:cancel_timer(R3, [{async, true}])),
    show([{T, X =:= R3, is_integer(V)} || {T, X, V} <- flush(10)]),
    show(erlang:cancel_timer(R3, [{info, false}])),
    show(erlang:read_timer(R3, [{async, true}])),
    show([{T, X =:= R3, V} || {T, X, V} <- flush(10)]),
    show(erlang:cancel_timer(make_ref())),
    R4 = erlang:send_after(1, self(), fired),
    timer:sleep(20),
    show(erlang:cancel_timer(R4)),
    show(flush(0)).

absolute() ->
    Now = erlang:monotonic_time(millisecond),
    R = erlang:start_timer(Now + 30, self(), abs, [{abs, true}]),
    receive {timeout, R, abs} -> ok end,
    show({abs, erlang:monotonic_time(millisecond) >= Now + 30}),
    erlang:send_after(Now - 20, self(), past, [{abs, true}]),
    show(flush(20)),
    erlang:send_after(10, self(), rel, [{abs, false}]),
    show(flush(50)).

names() ->
    Me = self(),
    erlang:send_after(20, late_name, to_name),
    P = spawn(fun() -> register(late_name, self()), receive X -> Me ! {got, X} end end),
    show(flush(80)),
    erlang:send_after(10, nobody_has_this, x),
    show(is_process_alive(P)),
    D = spawn(fun() -> ok end),
    timer:sleep(10),
    R = erlang:send_after(1000, D, x),
    show(erlang:cancel_timer(R)),
    Q = spawn(fun() -> receive never -> ok end end),
    R2 = erlang:send_after(5000, Q, x),
    exit(Q, kill),
    timer:sleep(20),
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
    spawn(fun() -> [begin timer:sleep(10), Me ! {noise, N} end || N <- lists:seq(1, 10)] end),
    T1 = erlang:monotonic_time(millisecond),
    receive never -> ok after 50 -> ok end,
    D = erlang:monotonic_time(millisecond) - T1,
    show({D >= 50, D < 95}),
    timer:sleep(80),
    show(flush(0)),
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
