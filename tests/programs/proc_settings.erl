%% process_flag, spawn_opt, process_info, group leaders, suspending, hibernating, collecting.
%% otp: 27+
-module(proc_settings).
-export([main/0, wake/1]).

show(What) -> io:format("~p~n", [What]).
try_(F) -> try F() catch C:E -> {C, E} end.

main() ->
    flags(), options(), requests(), info(), leaders(), suspending(), hibernating(), collecting(),
    io:format("done~n").

flags() ->
    show(process_flag(trap_exit, true)),
    show(process_flag(trap_exit, false)),
    show(process_flag(priority, high)),
    show(process_flag(priority, normal)),
    show(process_flag(message_queue_data, off_heap)),
    show(process_flag(message_queue_data, on_heap)),
    show(process_flag(error_handler, my_handler)),
    show(process_flag(error_handler, error_handler)),
    show(process_flag(sensitive, false)),
    show(process_flag(save_calls, 0)),
    _ = process_flag(min_heap_size, 1000),
    show(process_flag(min_heap_size, 233)),
    show(process_flag(fullsweep_after, 10) =:= element(2, erlang:system_info(fullsweep_after))),
    show(process_flag(fullsweep_after, 65535)),
    show(maps:get(size, process_flag(max_heap_size, 0))),
    show(process_flag(max_heap_size, #{size => 100000000, kill => false})),
    show(process_flag(max_heap_size, 0)),
    [show(try_(F)) || F <- [
        fun() -> process_flag(trap_exit, 1) end,
        fun() -> process_flag(priority, foo) end,
        fun() -> process_flag(bad_flag, true) end,
        fun() -> process_flag(min_heap_size, -1) end,
        fun() -> process_flag(max_heap_size, 5) end,
        fun() -> process_flag(message_queue_data, x) end]].

options() ->
    Me = self(),
    P = spawn_opt(fun() -> Me ! process_info(self(), [priority, message_queue_data, trap_exit]) end,
                  [{priority, low}, {message_queue_data, off_heap}, {min_heap_size, 500}, {fullsweep_after, 3}]),
    receive L when is_list(L) -> show(L) end,
    true = is_pid(P),
    process_flag(trap_exit, true),
    {Q, R} = spawn_opt(fun() -> exit(done) end, [link, monitor]),
    receive {'DOWN', R, process, Q, W} -> show(W) end,
    receive {'EXIT', Q, W2} -> show(W2) end,
    process_flag(trap_exit, false),
    {M, RM} = spawn_opt(fun() -> lists:seq(1, 1000000) end,
                        [monitor, {max_heap_size, #{size => 10000, error_logger => false}}]),
    receive {'DOWN', RM, process, M, WM} -> show(WM) end,
    [show(try_(F)) || F <- [
        fun() -> spawn_opt(fun() -> ok end, [bad]) end,
        fun() -> spawn_opt(fun() -> ok end, [{priority, x}]) end,
        fun() -> spawn_opt(fun() -> ok end, foo) end,
        fun() -> spawn_opt(m, f, foo, []) end,
        fun() -> spawn(1, 2, 3) end,
        fun() -> spawn(foo) end,
        fun() -> spawn_link(m, f, [a | b]) end]].

requests() ->
    Ref = spawn_request(fun() -> ok end, [monitor]),
    P = receive {spawn_reply, Ref, ok, P0} -> P0 end,
    show(is_pid(P)),
    receive {'DOWN', Ref, process, P, W} -> show(W) end,
    Ref2 = spawn_request(erlang, yield, [], [{reply_tag, {my, tag}}]),
    receive {{my, tag}, Ref2, ok, P2} -> show(is_pid(P2)) end,
    Ref3 = spawn_request(erlang, yield, [], [{reply, no}]),
    receive {spawn_reply, Ref3, _, _} -> show(unwanted) after 10 -> show(none) end,
    show(spawn_request_abandon(Ref3)),
    Ref4 = spawn_request(fun() -> ok end, [bad]),
    receive {spawn_reply, Ref4, error, Bad} -> show(Bad) end,
    show(try_(fun() -> spawn_request(fun() -> ok end, bad) end)).

info() ->
    Me = self(),
    P = spawn(fun() -> put(key, value), Me ! ready, receive stop -> ok end end),
    receive ready -> ok end,
    timer:sleep(5),
    P ! {a, 1}, P ! [b],
    show(process_info(P, messages)),
    show(process_info(P, message_queue_len)),
    show(process_info(P, status)),
    show(process_info(P, dictionary)),
    show(process_info(P, {dictionary, key})),
    show(process_info(P, {dictionary, nokey})),
    show(process_info(P, [trap_exit, links, monitors, monitored_by, error_handler])),
    show(process_info(P, initial_call)),
    show(process_info(P, []) ),
    show(process_info(P, [registered_name])),
    show(process_info(P, registered_name)),
    show([K || {K, _} <- process_info(P)]),
    show(element(2, process_info(P, parent)) =:= self()),
    show([is_integer(element(2, process_info(P, K)))
          || K <- [heap_size, total_heap_size, stack_size, memory, reductions, min_heap_size,
                   min_bin_vheap_size, catchlevel]]),
    show([is_list(element(2, process_info(P, K)))
          || K <- [garbage_collection, garbage_collection_info, binary, current_stacktrace, suspending]]),
    show(process_info(P, [sequential_trace_token, trace, last_calls, message_queue_data, priority])),
    show([try_(fun() -> process_info(A, B) end)
          || {A, B} <- [{foo, status}, {P, foo}, {P, [status, foo]}, {P, [status | x]}, {self(), 1}]]),
    show(process_info(self(), status)),
    show(process_info(self(), current_function)),
    P ! stop.

leaders() ->
    G = group_leader(),
    show(is_pid(G)),
    Me = self(),
    P = spawn(fun() -> Me ! {gl, group_leader()}, receive go -> Me ! {gl, group_leader()} end end),
    receive {gl, G1} -> show(G1 =:= G) end,
    show(group_leader(self(), P)),
    P ! go,
    receive {gl, G2} -> show(G2 =:= Me) end,
    show(try_(fun() -> group_leader(foo, self()) end)),
    show(try_(fun() -> group_leader(self(), foo) end)).

suspending() ->
    Me = self(),
    P = spawn(fun Loop() -> receive X -> Me ! {echo, X}, Loop() end end),
    show(erlang:suspend_process(P)),
    P ! 1,
    show(receive {echo, 1} -> early after 20 -> suspended end),
    show(process_info(P, status)),
    show(erlang:suspend_process(P, [unless_suspending])),
    show(erlang:suspend_process(P)),
    show(erlang:resume_process(P)),
    show(receive {echo, 1} -> early after 20 -> suspended end),
    show(erlang:resume_process(P)),
    show(receive {echo, 1} -> resumed after 1000 -> suspended end),
    show(try_(fun() -> erlang:resume_process(P) end)),
    show(try_(fun() -> erlang:suspend_process(self()) end)),
    %% Who suspended it dies: it goes on.
    {S, R} = spawn_monitor(fun() -> erlang:suspend_process(P) end),
    receive {'DOWN', R, process, S, _} -> ok end,
    P ! 2,
    show(receive {echo, 2} -> resumed after 1000 -> suspended end),
    exit(P, kill).

wake(Me) -> receive M -> Me ! {woken, M} end.

hibernating() ->
    Me = self(),
    P = spawn(fun() -> erlang:hibernate(?MODULE, wake, [Me]) end),
    timer:sleep(10),
    show(process_info(P, current_function)),
    P ! up,
    receive {woken, M} -> show(M) end,
    Q = spawn(fun() -> receive go -> ok end, erlang:hibernate(?MODULE, wake, [Me]) end),
    Q ! go, Q ! already,
    receive {woken, M2} -> show(M2) end,
    show(try_(fun() -> erlang:hibernate(1, 2, 3) end)).

collecting() ->
    show(garbage_collect()),
    P = spawn(fun() -> receive stop -> ok end end),
    show(garbage_collect(P)),
    show(garbage_collect(P, [{async, my_id}])),
    receive {garbage_collect, my_id, R} -> show(R) end,
    show(garbage_collect(P, [{type, minor}])),
    P ! stop,
    timer:sleep(10),
    show(garbage_collect(P)),
    show(try_(fun() -> garbage_collect(foo) end)),
    show(erlang:yield()),
    show(erlang:bump_reductions(100)),
    show(try_(fun() -> erlang:bump_reductions(0) end)).
