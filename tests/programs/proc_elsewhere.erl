%% Processes of other nodes and of this node's earlier runs, of which none is there; what options, flags and times may be at most.
%% otp: 27+
%% beamrc: --allow-missing
-module(proc_elsewhere).
-export([main/0, wait/0]).

main() ->
    erlang:system_flag(system_logger, undefined),
    elsewhere(), leaders(), schedulers(), counts(), suspending(), times(), offset().

show(What, How) -> io:format("~p ~p~n", [What, How]).
try_(F) -> try F() catch C:E -> {C, E} end.
flush() -> receive M -> [M | flush()] after 20 -> [] end.
wait() -> receive stop -> ok end.
id(X) -> X.

pid(Node) -> binary_to_term(<<131, 88, 100, (length(Node)):16, (list_to_binary(Node))/binary, 4711:32, 0:32, 16#fffffff0:32>>).
ref(Node) -> binary_to_term(<<131, 90, 1:16, 100, (length(Node)):16, (list_to_binary(Node))/binary, 16#fffffff0:32, 7:32>>).

elsewhere() ->
    [begin
         P = pid(Node),
         show(linked, ended(fun() -> link(P), receive never -> ok end end)),
         show(trapping, ended(fun() ->
             process_flag(trap_exit, true),
             link(P),
             exit([{W, X =:= P} || {'EXIT', X, W} <- flush()])
         end)),
         show(alive, try_(fun() -> is_process_alive(P) end)),
         show(exit, exit(P, bye)),
         show(unlink, unlink(P)),
         show(demonitor, [try_(fun() -> demonitor(ref(Node), O) end) || O <- [[], [info], [flush]]]),
         show(unalias, try_(fun() -> unalias(ref(Node)) end)),
         show(timers, [try_(fun() -> erlang:cancel_timer(ref(Node)) end), try_(fun() -> erlang:read_timer(ref(Node)) end)])
     end || Node <- ["a@b", atom_to_list(node())]],
    show(spawn, [try_(fun() -> spawn_request(N, m, f, [], []) end) || N <- [id(1), id("a@b")]]).

ended(F) ->
    {P, R} = spawn_monitor(F),
    receive
        {'DOWN', R, process, P, {Why, [_ | _]}} -> {error, Why};
        {'DOWN', R, process, P, Why} -> Why
    end.

leaders() ->
    Other = pid("a@b"),
    Own = group_leader(),
    P = spawn(fun() -> receive {ask, F} -> F ! {self(), group_leader(), ended(fun() -> exit(group_leader()) end)} end end),
    show(leader, group_leader(Other, P)),
    garbage_collect(P),
    P ! {ask, self()},
    receive {P, Leader, OfChild} -> show(leader, {Leader =:= Other, OfChild =:= Other}) end,
    show(other, [try_(fun() -> group_leader(Own, X) end) || X <- [Other, pid(atom_to_list(node()))]]),
    show(same, group_leader() =:= Own).

schedulers() ->
    Count = erlang:system_info(schedulers),
    show(scheduler, [try_(fun() -> is_pid(spawn_opt(fun() -> ok end, [{scheduler, N}])) end) || N <- [0, 1, Count, Count + 1, -1, a]]),
    show(scheduler, [try_(fun() -> process_flag(scheduler, N) end) || N <- [Count + 1, -1, a]]).

counts() ->
    show(fullsweep, [begin
        P = spawn_opt(?MODULE, wait, [], [{fullsweep_after, N}]),
        {fullsweep_after, Is} = process_info(P, fullsweep_after),
        P ! stop,
        Is
    end || N <- [0, 10, 65535, 65536, 100000, 1 bsl 40]]),
    show(flag, [process_flag(fullsweep_after, N) || N <- [100000, 5, 65535]] -- [element(2, erlang:system_info(fullsweep_after))]),
    show(max_heap, [try_(fun() -> erlang:system_flag(max_heap_size, N) end) || N <- [5, -1, #{size => 7}]]),
    show(word, [try_(fun() -> erlang:system_flag(trace_control_word, N) end) || N <- [1 bsl 32, (1 bsl 32) - 1, 0]]),
    show(reductions, erlang:system_info(context_reductions)).

suspending() ->
    P = spawn(?MODULE, wait, []),
    true = erlang:suspend_process(P),
    show(again, [{erlang:suspend_process(P, O), flush()} || O <- [[unless_suspending], [unless_suspending, {asynchronous, tag}], [asynchronous, unless_suspending]]]),
    exit(P, kill).

times() ->
    [begin
         T = try_(fun() -> erlang:F(Time, self(), x) end),
         show({F, Time}, is_reference(T) andalso erlang:cancel_timer(T) > Time - 100000)
     end || F <- [send_after, start_timer], Time <- [1 bsl 32, 1 bsl 42, 1 bsl 43, 1 bsl 44, 1 bsl 59, 1 bsl 60]],
    Start = erlang:convert_time_unit(erlang:system_info(start_time), native, millisecond),
    show(start, {Start, [is_reference(try_(fun() -> erlang:send_after(Start + D, self(), {at, D}, [{abs, true}]) end)) || D <- [-1000, -1, 0, 1]]}),
    show(start, flush()).

offset() ->
    M = monitor(time_offset, clock_service),
    show(flush, [demonitor(M, [flush, info]), demonitor(M, [flush, info])]),
    T = monitor(time_offset, clock_service, [{tag, {now, "it is"}}, {alias, explicit_unalias}]),
    garbage_collect(),
    T ! to_alias,
    show(alias, {flush(), demonitor(T, [info]), unalias(T)}),
    Tagged = [monitor(process, spawn(?MODULE, wait, []), [{tag, {I, [I]}}]) || I <- lists:seq(1, 100)],
    {monitors, Monitors} = process_info(self(), monitors),
    garbage_collect(),
    [demonitor(R) || R <- lists:sublist(Tagged, 50)],
    garbage_collect(),
    [P ! stop || {process, P} <- Monitors],
    show(tags, lists:sort([Tag || {Tag, _, process, _, normal} <- flush()]) =:= [{I, [I]} || I <- lists:seq(51, 100)]).
