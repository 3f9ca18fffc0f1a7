%% sys on a gen_server and a gen_statem: states, replacement, suspension, statistics, traces, logs, code change.
-module(behaviour_sys).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2, handle_info/2, code_change/3, terminate/2, format_status/1, loop/3,
    system_continue/3, system_terminate/4, system_get_state/1, system_replace_state/2]).

main() ->
    {ok, Pid} = gen_server:start_link({local, served}, ?MODULE, 1, []),
    show(sys:get_state(served)),
    show(sys:replace_state(served, fun(S) -> S + 10 end)),
    show(gen_server:call(served, get)),
    show(sys:suspend(served)),
    show(catch gen_server:call(served, get, 20)),
    show(sys:change_code(served, ?MODULE, old, extra)),
    show(sys:resume(served)),
    show(gen_server:call(served, get)),
    show(sys:statistics(served, true)),
    gen_server:cast(served, add),
    served ! note,
    show(gen_server:call(served, get)),
    {ok, Statistics} = sys:statistics(served, get),
    show([lists:keyfind(K, 1, Statistics) || K <- [messages_in, messages_out]]),
    show(sys:statistics(served, false)),
    show(sys:statistics(served, get)),
    show(sys:log(served, true)),
    gen_server:call(served, get),
    {ok, Log} = sys:log(served, get),
    show([shape(E) || E <- Log]),
    show(sys:log(served, false)),
    show(sys:install(served, {fun(S, Event, _) -> show({seen, shape(Event)}), S end, state})),
    gen_server:call(served, get),
    show(sys:remove(served, fun main/0)),
    show(sys:no_debug(served)),
    show(sys:trace(served, true)),
    gen_server:cast(served, add),
    show(sys:trace(served, false)),
    show(gen_server:call(served, get)),
    logged_to_file(),
    {status, Pid, {module, gen_server}, [_, running, _, _, Misc]} = sys:get_status(served),
    show([D || D <- proplists:get_all_values(data, Misc), not lists:keymember("Parent", 1, D)]),
    show(catch sys:replace_state(served, fun(_) -> exit(no) end) =/= ok),
    show(gen_server:call(served, get)),
    special(),
    unlink(Pid),
    Ref = monitor(process, Pid),
    show(sys:terminate(served, normal)),
    receive {'DOWN', Ref, _, _, _} -> ok end,
    show(catch gen_server:call(served, get)).

logged_to_file() ->
    File = filename:join(os:getenv("TMPDIR", "/tmp"), "behaviour_sys." ++ os:getpid()),
    show(sys:log_to_file(served, File)),
    gen_server:call(served, get),
    show(sys:log_to_file(served, false)),
    {ok, Text} = file:read_file(File),
    show([lists:sublist(string:lexemes(Line, " "), 4) || Line <- string:lexemes(binary_to_list(Text), "\n")]),
    ok = file:delete(File).

%% A process of its own with sys behaviour.
special() ->
    Me = self(),
    Pid = proc_lib:spawn_link(fun() -> loop(Me, sys:debug_options([]), 7) end),
    show(sys:get_state(Pid)),
    show(sys:replace_state(Pid, fun(N) -> N * 2 end)),
    sys:suspend(Pid),
    sys:resume(Pid),
    Pid ! {get, self()},
    show(receive {state, S} -> S end),
    unlink(Pid),
    Ref = monitor(process, Pid),
    show(sys:terminate(Pid, shutdown)),
    receive {'DOWN', Ref, _, _, _} -> ok end.

loop(Parent, Debug, State) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, State);
        {get, From} -> From ! {state, State}, loop(Parent, Debug, State)
    end.

system_continue(Parent, Debug, State) -> loop(Parent, Debug, State).
system_terminate(Reason, _, _, _) -> exit(Reason).
system_get_state(State) -> {ok, State}.
system_replace_state(F, State) -> New = F(State), {ok, New, New}.

shape({in, {'$gen_call', {Pid, _}, M}}) when is_pid(Pid) -> {in, call, M};
shape({out, M, {Pid, _}, S}) when is_pid(Pid) -> {out, M, S};
shape({out, M, Pid, S}) when is_pid(Pid) -> {out, M, S};
shape(E) when is_tuple(E), tuple_size(E) > 3 -> {element(1, shape(element(1, E)))};
shape(E) -> E.

init(N) -> {ok, N}.
handle_call(get, _, N) -> {reply, N, N}.
handle_cast(add, N) -> {noreply, N + 1}.
handle_info(_, N) -> {noreply, N}.
code_change(Old, N, Extra) -> show({Old, Extra}), {ok, N + 100}.
terminate(_, _) -> ok.
format_status(Status) -> Status.

show(X) -> io:format("~p~n", [X]).
