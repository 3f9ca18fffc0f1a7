%% Schedulers that are taken off line and multi-scheduling that is blocked; who calls BIFs in tail
%% position; monitors of what is not there; tasks and flags of processes that have just been killed.
-module(proc_scheduling).
-export([main/0, current/0, work/1]).

main() ->
    online(),
    blocked(),
    {[{current_function, F}, {current_stacktrace, [{M, N, A, _} | _]}], x} = {current(), x},
    show(current, {F, {M, N, A}}),
    show(tail, catch link_to_nothing(a)),
    monitors(),
    flags(),
    sensitive(),
    show(float, {binary_to_float(<<"1.5", 0, "x">>), list_to_float("2.5" ++ [0])}),
    show(atoms, [catch_of(fun() -> binary_to_atom(B, utf8) end) || B <- [<<255>>, <<0:512/unit:8, 255>>, <<0:200/unit:8, 255>>]]),
    show(existing, catch_of(fun() -> binary_to_existing_atom(<<0:512/unit:8, 255>>, utf8) end)),
    show(stack, deep(1000)).

show(What, Value) -> io:format("~p ~p~n", [What, Value]).

catch_of(Fun) ->
    try Fun() catch Class:Why -> {Class, Why} end.

%% All processes go on with one scheduler, and with all of them again.
online() ->
    Before = erlang:system_flag(schedulers_online, 1),
    show(online, erlang:system_info(schedulers_online)),
    show(worked, worked()),
    show(one, erlang:system_flag(schedulers_online, Before)),
    show(worked, worked()),
    show(bad, [catch_of(fun() -> erlang:system_flag(schedulers_online, N) end) || N <- [0, -1, 100000, a]]).

blocked() ->
    Show = fun(What) -> show(What, [erlang:system_info(K) || K <- [multi_scheduling, multi_scheduling_blockers, normal_multi_scheduling_blockers]] =:= [What, [], []]) end,
    Show(enabled),
    show(block, erlang:system_flag(multi_scheduling, block)),
    show(normal, erlang:system_flag(multi_scheduling, block_normal)),
    show(blockers, erlang:system_info(multi_scheduling_blockers) =:= [self()]),
    show(worked, worked()),
    show(unblock, erlang:system_flag(multi_scheduling, unblock)),
    show(unblock, erlang:system_flag(multi_scheduling, unblock_normal)),
    show(unblock, erlang:system_flag(multi_scheduling, unblock_normal)),
    {P, R} = spawn_monitor(fun() -> erlang:system_flag(multi_scheduling, block_normal) end),
    receive {'DOWN', R, process, P, Why} -> show(gone, Why) end,
    wait(fun() -> erlang:system_info(multi_scheduling) =:= enabled end),
    Show(enabled).

wait(Fun) -> Fun() orelse begin timer:sleep(1), wait(Fun) end.

worked() ->
    All = [spawn_monitor(?MODULE, work, [20000]) || _ <- lists:seq(1, 50)],
    Sent = [timer:sleep(1) || _ <- lists:seq(1, 10)],
    {lists:usort([receive {'DOWN', R, process, P, Why} -> Why end || {P, R} <- All]), lists:usort(Sent)}.

work(0) -> ok;
work(N) -> work(N - 1).

current() -> process_info(self(), [current_function, current_stacktrace]).

link_to_nothing(What) ->
    try tail(What) catch error:badarg:Trace -> [_, {M, F, A, _} | _] = Trace, {M, F, A} end.
tail(What) -> link(What).

monitors() ->
    Here = node(),
    Old = binary_to_term(<<131, 88, 100, 13:16, "nonode@nohost", 4711:32, 0:32, 16#fffffff0:32>>),
    Port = binary_to_term(<<131, 89, 100, 13:16, "nonode@nohost", 4711:32, 16#fffffff0:32>>),
    Other = binary_to_term(<<131, 88, 100, 3:16, "a@b", 4711:32, 0:32, 3:32>>),
    OtherPort = binary_to_term(<<131, 89, 100, 3:16, "a@b", 4711:32, 3:32>>),
    [show(monitor, {Sort, monitored(Sort, What)}) || {Sort, What} <- [
        {process, nobody}, {process, {nobody, Here}}, {process, Old}, {process, Other}, {port, nobody},
        {port, {nobody, Here}}, {port, Port}, {port, OtherPort}, {process, Port}, {port, self()}, {port, Old}
    ]],
    M = erlang:monitor(process, Old, [{alias, explicit_unalias}, {tag, gone}]),
    receive {gone, M, process, Old, Why} -> show(tagged, Why) end,
    M ! hello,
    receive hello -> show(alias, true) end,
    show(monitors, process_info(self(), monitors)).

monitored(Sort, What) ->
    try erlang:monitor(Sort, What) of
        M -> receive {'DOWN', M, S, Object, Why} -> {S, Object =:= What orelse Object =:= {What, node()}, Why} end
    catch error:Why -> Why
    end.

flags() ->
    {P, R} = spawn_monitor(fun() -> receive never -> ok end end),
    show(saved, process_flag(P, save_calls, 0)),
    exit(P, kill),
    show(killed, catch_of(fun() -> process_flag(P, save_calls, 0) end)),
    receive {'DOWN', R, process, P, Why} -> show(down, Why) end,
    show(old_code, [erlang:check_process_code(self(), lists), erlang:check_process_code(spawn(fun() -> receive never -> ok end end), lists)]),
    show(asked, erlang:check_process_code(P, lists, [{async, id}])),
    receive {check_process_code, id, Result} -> show(result, Result) end.

sensitive() ->
    put(secret, 1),
    self() ! message,
    process_flag(sensitive, true),
    show(sensitive, process_info(self(), [dictionary, messages, backtrace])),
    process_flag(sensitive, false),
    show(open, process_info(self(), [messages])),
    receive message -> ok end.

%% The stack's size is that of what is on it now.
deep(N) ->
    {stack_size, Before} = process_info(self(), stack_size),
    {Deep, _} = down(N),
    {stack_size, After} = process_info(self(), stack_size),
    {Deep - Before > N, After =:= Before}.
down(0) -> {element(2, process_info(self(), stack_size)), 0};
down(N) -> {Size, Depth} = down(N - 1), {Size, Depth + 1}.
