%% How processes end: reasons of uncaught errors, cascades, exits while waiting in BIFs.
-module(proc_exits).
-export([main/0]).

main() ->
    reasons(), cascade(), order(), in_bif(), nested(),
    io:format("done~n").

show(What) -> io:format("~p~n", [What]).

%% Known only when the program runs.
absent(Name) -> put(absent, Name), get(absent).

reason(F) ->
    {P, R} = spawn_monitor(F),
    receive {'DOWN', R, process, P, Why} -> strip(Why) end.
strip({R, [{_, _, _, _} | _] = S}) -> {R, [{M, F, A} || {M, F, A, _} <- S]};
strip(R) -> R.

reasons() ->
    %% What the runtime reports is not what this is about.
    erlang:system_flag(system_logger, undefined),
    show(reason(fun() -> exit({a, b}) end)),
    show(reason(fun() -> ok end)),
    {P, R} = spawn_monitor(absent(no_such_module), f, [1, 2]),
    receive {'DOWN', R, process, P, Why} -> show(Why) end,
    {P2, R2} = spawn_monitor(?MODULE, absent(no_such_function), []),
    receive {'DOWN', R2, process, P2, Why2} -> show(Why2) end,
    {{nocatch, ball}, _} = reason(fun() -> throw(ball) end),
    {badarith, _} = reason(fun() -> 1 div length(erlang:registered() -- erlang:registered()) end),
    {function_clause, _} = reason(fun() -> lists:map(1, 2) end),
    {{badmatch, 2}, _} = reason(fun() -> 1 = length([a, b]) end),
    {P3, R3} = spawn_monitor(erlang, apply, [fun(_) -> ok end, []]),
    receive {'DOWN', R3, process, P3, {{badarity, {_, []}}, _}} -> show(badarity) end,
    {P4, R4} = spawn_monitor(erlang, apply, [foo, []]),
    receive {'DOWN', R4, process, P4, {W4, _}} -> show(W4) end.

cascade() ->
    %% A star, and a chain, of linked processes.
    Me = self(),
    {Hub, R} = spawn_monitor(fun() ->
        Ps = [spawn_link(fun() -> receive never -> ok end end) || _ <- lists:seq(1, 5000)],
        Me ! {ps, Ps},
        receive die -> exit(hub_died) end
    end),
    receive {ps, Ps} -> ok end,
    Ms = [monitor(process, P) || P <- Ps],
    Hub ! die,
    receive {'DOWN', R, process, Hub, W} -> show(W) end,
    show(lists:usort([receive {'DOWN', M, process, _, X} -> X end || M <- Ms])),
    Chain = chain(20000, none),
    RC = monitor(process, Chain),
    {First, RF} = receive {first, F} -> {F, monitor(process, F)} end,
    exit(First, snap),
    receive {'DOWN', RF, process, First, W1} -> show(W1) end,
    receive {'DOWN', RC, process, Chain, W2} -> show(W2) end.

chain(0, P) -> P;
chain(N, none) ->
    P = spawn(fun() -> receive never -> ok end end),
    self() ! {first, P},
    chain(N - 1, P);
chain(N, P) ->
    Me = self(),
    Q = spawn(fun() -> link(P), Me ! {linked, self()}, receive never -> ok end end),
    receive {linked, Q} -> chain(N - 1, Q) end.

order() ->
    %% Messages before an exit signal arrive before it, and the exit signal before later messages.
    Me = self(),
    {P, R} = spawn_monitor(fun() -> process_flag(trap_exit, true), Me ! ready, collect(Me, 3) end),
    receive ready -> ok end,
    P ! one, exit(P, two), P ! three,
    receive {all, L} -> show([case X of {'EXIT', Me, Y} -> {exit, Y}; Y -> Y end || X <- L]) end,
    receive {'DOWN', R, process, P, W} -> show(W) end.
collect(Me, N) -> Me ! {all, [receive X -> X end || _ <- lists:seq(1, N)]}.

in_bif() ->
    Busy = spawn(fun Loop() -> Loop() end),
    {P, R} = spawn_monitor(fun() -> process_info(Busy, messages), receive never -> ok end end),
    timer:sleep(5),
    exit(P, stop_waiting),
    receive {'DOWN', R, process, P, W} -> show(W) end,
    exit(Busy, kill),
    RB = monitor(process, Busy),
    receive {'DOWN', RB, process, Busy, WB} -> show(lists:member(WB, [killed, noproc])) end,
    show(is_process_alive(Busy)),
    show(process_info(Busy)),
    show(process_info(Busy, status)).

nested() ->
    process_flag(trap_exit, true),
    P = spawn_link(fun() ->
        try exit(inner) catch exit:inner ->
            try erlang:error(again) after self() ! x end
        end
    end),
    receive {'EXIT', P, {again, [_ | _]}} -> show(again) end,
    Q = spawn_link(fun() -> catch exit(ignored), exit(real) end),
    receive {'EXIT', Q, WQ} -> show(WQ) end.
