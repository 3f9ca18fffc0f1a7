%% max_heap_size: what counts, what happens when it is reached, and what is reported.
%% otp: 27+
-module(proc_max_heap).
-export([main/0]).

main() ->
    Logger = erlang:system_flag(system_logger, self()),
    show(heap, end_of(fun() -> grow([]) end, #{size => 100000, error_logger => false})),
    show(number, end_of(fun() -> grow([]) end, 100000)),
    show(stack, end_of(fun() -> deep(10000000) end, #{size => 100000, error_logger => false})),
    show(trapping, end_of(fun() -> process_flag(trap_exit, true), grow([]) end, #{size => 100000, error_logger => false})),
    show(catching, end_of(fun() -> try grow([]) catch _:_ -> caught end end, #{size => 100000, error_logger => false})),
    show(small, end_of(fun() -> lists:seq(1, 1000) end, #{size => 100000, error_logger => false})),
    show(off, end_of(fun() -> lists:seq(1, 1000000) end, 0)),
    show(kept, end_of(fun() -> lists:sum(lists:seq(1, 10000)) end, #{size => 10000, kill => false, error_logger => false})),
    show(told, end_of(fun() -> lists:sum(lists:seq(1, 10000)) end, #{size => 10000, kill => false, error_logger => true})),
    show(binaries, end_of(fun() -> binaries(20) end, #{size => 100000, include_shared_binaries => true, error_logger => false})),
    show(no_binaries, end_of(fun() -> binaries(20) end, #{size => 100000, include_shared_binaries => false, error_logger => false})),
    show(garbage, end_of(fun() -> [lists:seq(1, 1000) || _ <- lists:seq(1, 1000)], ok end, #{size => 10000000})),
    show(flag, end_of(fun() -> process_flag(max_heap_size, #{size => 100000, error_logger => false}), grow([]) end, 0)),
    show(lifted, end_of(fun() -> process_flag(max_heap_size, 0), lists:seq(1, 1000000), ok end, #{size => 100000, error_logger => false})),
    show(messages, queue([{message_queue_data, on_heap}])),
    show(off_heap, queue([{message_queue_data, off_heap}])),
    linked(),
    show(reports, lists:usort([report(R) || R <- reports()])),
    erlang:system_flag(system_logger, Logger).

show(What, How) -> io:format("~p ~p~n", [What, How]).

end_of(F, Max) ->
    {P, R} = spawn_opt(fun() -> F(), exit(finished) end, [monitor, {max_heap_size, Max}]),
    receive {'DOWN', R, process, P, Why} -> Why end.

grow(L) -> grow([{L} | L]).

deep(0) -> 0;
deep(N) -> {N, deep(N - 1)}.

binaries(0) -> [];
binaries(N) -> B = binary:copy(<<N>>, 1000000), garbage_collect(), [B | binaries(N - 1)].

%% Messages that wait count, if they are kept on the heap.
queue(Options) ->
    {P, R} = spawn_opt(fun() -> receive never -> ok end end,
                       [monitor, {max_heap_size, #{size => 1024, error_logger => false}} | Options]),
    [P ! lists:duplicate(I, I) || I <- lists:seq(1, 100)],
    process_info(P, messages),
    erlang:garbage_collect(P),
    Why = receive {'DOWN', R, process, P, W} -> W after 50 -> alive end,
    exit(P, kill),
    Why.

%% Who is linked is killed too, unless it traps exits.
linked() ->
    process_flag(trap_exit, true),
    P = spawn_link(fun() ->
        spawn_opt(fun() -> grow([]) end, [link, {max_heap_size, #{size => 100000, error_logger => false}}]),
        receive never -> ok end
    end),
    receive {'EXIT', P, Why} -> show(linked, Why) end.

reports() ->
    receive {log, Level, Format, Arguments, About} -> [{Level, Format, Arguments, About} | reports()]
    after 0 -> [] end.

report({Level, Format, [Pid, Max, Total, Kill, Logs, Messages, Info, Stack], #{error_logger := Tag, pid := About}}) ->
    {Level, Format, is_pid(Pid), Max, Total > Max, Kill, Logs, Messages, lists:sort([K || {K, _} <- Info]),
     is_list(Stack), Tag, About =:= Pid}.
