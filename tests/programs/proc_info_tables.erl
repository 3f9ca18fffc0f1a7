%% What process_info, system_info, statistics, memory and the flags answer, key by key: values where they
%% are the same everywhere, else what sort of term they are.
%% otp: 27+
-module(proc_info_tables).
-export([main/0, idle/0]).

main() ->
    %% The runtime reports the use of some flags.
    erlang:system_flag(system_logger, undefined),
    keys_of(), lists(), system(), counts(), memory(), flags(), others(),
    io:format("done~n").

show(Key, Value) -> io:format("~tp ~tp~n", [Key, Value]).

%% The sort of a term.
sort(X) when is_integer(X), X >= 0 -> count;
sort(X) when is_integer(X) -> integer;
sort(X) when is_float(X) -> float;
sort(X) when is_atom(X) -> X;
sort(X) when is_pid(X) -> pid;
sort(X) when is_port(X) -> port;
sort(X) when is_reference(X) -> reference;
sort(X) when is_function(X) -> function;
sort(X) when is_binary(X) -> binary;
sort(X) when is_map(X) -> maps:map(fun(_, V) -> sort(V) end, X);
sort([]) -> [];
sort(X) when is_list(X) ->
    case io_lib:printable_unicode_list(X) of
        true -> string;
        false -> lists:usort([sort(E) || E <- X])
    end;
sort(X) when is_tuple(X) -> list_to_tuple([sort(E) || E <- tuple_to_list(X)]).

answer(F) ->
    try sort(F()) catch C:R -> {C, R} end.

idle() -> receive stop -> ok end.

keys() ->
    [async_dist, binary, catchlevel, current_function, current_location, current_stacktrace,
     dictionary, error_handler, garbage_collection, garbage_collection_info, group_leader, heap_size,
     initial_call, label, last_calls, links, memory, message_queue_data, message_queue_len, messages,
     min_bin_vheap_size, min_heap_size, max_heap_size, monitored_by, monitors, parent, priority, reductions,
     registered_name, sequential_trace_token, stack_size, status, suspending, total_heap_size, trace,
     trap_exit, backtrace, fullsweep_after, heap_type, cancel_timer, no_such_key, {dictionary, nothing}, {other, key}, 17].

keys_of() ->
    P = spawn_link(?MODULE, idle, []),
    timer:sleep(10),
    P ! one, P ! {two, <<"binary">>},
    [show({idle, K}, answer(fun() -> process_info(P, K) end)) || K <- keys()],
    [show({self, K}, answer(fun() -> V = process_info(self(), K), true = V =/= 0, V end)) || K <- keys(), K =/= backtrace, K =/= binary],
    show(all, [{K, sort(V)} || {K, V} <- process_info(P)]),
    show({self, all}, [K || {K, _} <- process_info(self())]),
    {garbage_collection, G} = process_info(P, garbage_collection),
    show(collection, [{K, case K of minor_gcs -> count; _ -> V end} || {K, V} <- G]),
    {garbage_collection_info, I} = process_info(P, garbage_collection_info),
    show(collection_info, lists:sort([K || {K, _} <- I])),
    show(stack, answer(fun() -> [{M, F, A} || {M, F, A, _} <- element(2, process_info(P, current_stacktrace))] end)),
    show(location, element(2, process_info(P, current_location))),
    true = unlink(P),
    R = monitor(process, P),
    exit(P, kill),
    receive {'DOWN', R, process, P, _} -> ok end,
    [show({gone, K}, answer(fun() -> process_info(P, K) end)) || K <- [status, [status], [], no_such_key]],
    show({gone, all}, process_info(P)),
    [show(bad, answer(F)) || F <- [fun() -> process_info(one) end, fun() -> process_info(1, status) end,
                                   fun() -> process_info(self(), [status | bad]) end]].

%% Several at once are in the order that was asked for, as often as asked for.
lists() ->
    show(order, [K || {K, _} <- process_info(self(), [status, links, status, {dictionary, a}, registered_name])]),
    put(a, {a, b}),
    show(key, process_info(self(), [{dictionary, a}, {dictionary, b}])),
    proc_lib:set_label({my, label}),
    show(label, process_info(self(), label)).

system() ->
    Fixed = [machine, wordsize, {wordsize, internal}, {wordsize, external}, smp_support, threads, heap_type,
             endian, process_limit, atom_limit, port_limit, ets_limit, fullsweep_after, min_heap_size,
             min_bin_vheap_size, max_heap_size, os_type, otp_release, multi_scheduling, debug_compiled,
             message_queue_data, async_dist, build_type, dynamic_trace, dynamic_trace_probes, creation,
             multi_scheduling_blockers, normal_multi_scheduling_blockers, dirty_io_schedulers, nif_version,
             driver_version, thread_pool_size, modified_timing_level, dist_buf_busy_limit, dist_ctrl,
             start_time_is_missing, delayed_node_table_gc, port_parallelism, scheduler_bind_type, c_compiler_used,
             time_correction, eager_check_io, break_ignored, ets_count_is_there, garbage_collection,
             compat_rel, constant_pool_support, kernel_poll, check_io_is_missing, tolerant_timeofday],
    [show({system, K}, try erlang:system_info(K) catch C:R -> {C, R} end)
     || K <- Fixed, not lists:member(K, [c_compiler_used, tolerant_timeofday, driver_version, nif_version,
                                         thread_pool_size, dirty_io_schedulers, kernel_poll, creation])],
    Varying = [schedulers, schedulers_online, process_count, atom_count, port_count, ets_count, logical_processors,
               logical_processors_online, logical_processors_available, version, system_version,
               system_architecture, scheduler_id, start_time, end_time, os_version, os_monotonic_time_source,
               os_system_time_source, time_offset, time_warp_mode, scheduler_bindings, cpu_topology,
               {cpu_topology, defined}, dirty_cpu_schedulers, dirty_cpu_schedulers_online, dirty_io_schedulers,
               thread_pool_size, nif_version, driver_version, c_compiler_used, kernel_poll, creation, info, loaded,
               procs, allocator, alloc_util_allocators, {allocator, no_such}, {allocator_sizes, binary_alloc},
               cpu_quota, tolerant_timeofday, outstanding_system_requests_limit, system_logger, trace_control_word,
               halt_flush_timeout, dist, taints, update_cpu_info, emu_type, emu_flavor,
               internal_cpu_topology, atom, [machine], "machine", 1, {a, b}],
    [show({system, K}, answer(fun() -> erlang:system_info(K) end))
     || K <- Varying, not lists:member(K, [info, loaded, procs, allocator, dist, {allocator_sizes, binary_alloc}, cpu_topology,
                                           {cpu_topology, defined}, nif_version, driver_version, c_compiler_used,
                                           alloc_util_allocators, cpu_quota, system_logger, creation])],
    show(pids, lists:all(fun is_pid/1, processes())).

counts() ->
    [show({statistics, K}, answer(fun() -> statistics(K) end))
     || K <- [wall_clock, runtime, reductions, exact_reductions, garbage_collection, context_switches, io, run_queue,
              run_queue_lengths, run_queue_lengths_all, total_run_queue_lengths, total_run_queue_lengths_all,
              active_tasks, active_tasks_all, total_active_tasks, total_active_tasks_all, scheduler_wall_time,
              scheduler_wall_time_all, no_such_key, 1]],
    show(flag, erlang:system_flag(scheduler_wall_time, true)),
    [show({statistics, K}, answer(fun() -> [A || {A, _, _} <- statistics(K), A =< 2] end))
     || K <- [scheduler_wall_time, scheduler_wall_time_all]],
    show(busy, [B =< T || {_, B, T} <- statistics(scheduler_wall_time)] =/= []),
    show(flag, erlang:system_flag(scheduler_wall_time, false)),
    show({statistics, scheduler_wall_time}, statistics(scheduler_wall_time)),
    {Total, _} = statistics(reductions),
    {Later, Since} = statistics(reductions),
    show(reductions, {Later >= Total, Since >= 0}).

memory() ->
    %% What is asked for is part of the error's trace, with a reference that OTP adds.
    [show({allocators, K}, answer(fun() -> erlang:system_info(K) end))
     || K <- [{allocator, x}, {allocator, 1}, {allocator_sizes, [x]},
              {allocator_sizes, [ets_alloc | x]}, {allocator_sizes, {ets_alloc}}]],
    %% Undefined where no allocator is OTP's.
    show(allocators, case erts_debug:alloc_blocks_size(ets_alloc) of undefined -> told; N when is_integer(N) -> told end),
    All = erlang:memory(),
    show(memory, [{K, sort(V)} || {K, V} <- All]),
    [show({memory, K}, answer(fun() -> erlang:memory(K) end))
     || K <- [total, processes, processes_used, system, atom, atom_used, binary, code, ets, no_such_key, [], [ets, code],
              [no_such_key], 1]],
    Of = fun(K) -> proplists:get_value(K, All) end,
    show(sums, {Of(total) =:= Of(processes) + Of(system), Of(processes_used) =< Of(processes), Of(atom_used) =< Of(atom),
                Of(system) >= Of(atom) + Of(binary) + Of(code) + Of(ets)}),
    Before = erlang:memory(binary),
    Large = binary:copy(<<"x">>, 10000000),
    show(binary, erlang:memory(binary) - Before >= byte_size(Large)),
    EtsBefore = erlang:memory(ets),
    T = ets:new(t, []),
    ets:insert(T, [{I, {I}} || I <- lists:seq(1, 10000)]),
    show(ets, erlang:memory(ets) - EtsBefore > 10000 * 16),
    ets:delete(T),
    Used = erlang:memory(processes),
    Ps = [spawn(?MODULE, idle, []) || _ <- lists:seq(1, 1000)],
    show(processes, erlang:memory(processes) - Used > 1000 * 500),
    [exit(P, kill) || P <- Ps].

flags() ->
    [show({F, V}, answer(fun() -> erlang:system_flag(F, V) end))
     || {F, V} <- [{backtrace_depth, 8}, {fullsweep_after, 65535}, {min_heap_size, 233}, {min_bin_vheap_size, 46422},
                   {max_heap_size, 0}, {max_heap_size, #{size => 0, kill => true}}, {max_heap_size, -1},
                   {max_heap_size, #{kill => true}}, {max_heap_size, foo},
                   {multi_scheduling, unblock}, {multi_scheduling, foo}, {schedulers_online, 0}, {dirty_cpu_schedulers_online, 0},
                   {scheduler_bind_type, unbound}, {scheduler_bind_type, foo},
                   {trace_control_word, 0}, {trace_control_word, -1}, {time_offset, foo}, {outstanding_system_requests_limit, 0},
                   {no_such_flag, 1}, {"flag", 1}, {min_heap_size, -1}, {min_heap_size, a}, {fullsweep_after, -1},
                   {backtrace_depth, -1}]],
    Online = erlang:system_info(schedulers_online),
    show(online, erlang:system_flag(schedulers_online, Online) =:= Online),
    [show({process, F, V}, answer(fun() -> process_flag(F, V) end))
     || {F, V} <- [{async_dist, true}, {async_dist, false}, {async_dist, 1}, {save_calls, 10}, {save_calls, 0}, {save_calls, 10001},
                   {save_calls, -1}, {sensitive, true}, {sensitive, false}, {sensitive, 0}, {trap_exit, a},
                   {message_queue_data, off_heap}, {message_queue_data, on_heap}, {message_queue_data, mixed},
                   {max_heap_size, #{size => 1 bsl 40, kill => false, error_logger => false, include_shared_binaries => true}},
                   {max_heap_size, 0}, {max_heap_size, 1}, {max_heap_size, #{}}, {max_heap_size, #{size => 0, kill => 1}},
                   {priority, max}, {priority, low}, {priority, normal}, {error_handler, 1}, {fullsweep_after, -1},
                   {min_bin_vheap_size, -1}, {min_heap_size, 1 bsl 62}, {"flag", 1}, {no_such_flag, 1}]],
    P = spawn(?MODULE, idle, []),
    [show({other, F, V}, answer(fun() -> process_flag(P, F, V) end))
     || {F, V} <- [{save_calls, 5}, {save_calls, 0}, {save_calls, -1}, {trap_exit, true}, {no_such_flag, 1}]],
    exit(P, kill),
    timer:sleep(10),
    show(gone, answer(fun() -> process_flag(P, save_calls, 0) end)),
    show(self, answer(fun() -> process_flag(self(), save_calls, 0) end)).

%% The defaults that flags set are those of new processes.
others() ->
    Old = erlang:system_flag(max_heap_size, #{size => 1000000, kill => false, error_logger => false}),
    show(old, Old),
    Me = self(),
    spawn(fun() -> Me ! process_info(self(), max_heap_size) end),
    receive {max_heap_size, M} -> show(new, M) end,
    show(info, erlang:system_info(max_heap_size)),
    show(info, erlang:system_info(garbage_collection)),
    spawn_opt(fun() -> Me ! process_info(self(), max_heap_size) end, [{max_heap_size, 2000000}]),
    receive {max_heap_size, M2} -> show(given, M2) end,
    erlang:system_flag(max_heap_size, Old),
    Full = erlang:system_flag(fullsweep_after, 7),
    spawn(fun() -> Me ! process_info(self(), fullsweep_after) end),
    receive {fullsweep_after, N} -> show(fullsweep, N) end,
    erlang:system_flag(fullsweep_after, Full),
    Min = erlang:system_flag(min_heap_size, 5000),
    spawn(fun() -> Me ! process_info(self(), min_heap_size) end),
    receive {min_heap_size, W} -> show(min_heap, W) end,
    erlang:system_flag(min_heap_size, Min).
