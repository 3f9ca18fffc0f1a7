%% The first process: starts what a program needs around it, runs the program in a process of its
%% own, and answers for OTP's `init`.
%%
%% `beamrc_program` is made by the compiler for each program.
-module(beamrc_boot).

-export([start/0]).

-record(state, {boot, arguments, status = {starting, starting}, subscribed = []}).

%% Without this process there is no program.
start() ->
    try
        boot()
    catch
        Class:Reason:Stack ->
            erlang:display({Class, Reason, Stack}),
            erlang:halt("init terminated")
    end.

boot() ->
    true = register(init, self()),
    process_flag(trap_exit, true),
    User = beamrc_user:start(),
    group_leader(User, self()),
    _ = beamrc_logger:start(),
    _ = beamrc_applications:start(),
    run_on_load(beamrc_program:on_load()),
    Init = self(),
    Boot = spawn_link(fun() -> init:do_boot(Init, [], []) end),
    loop(#state{boot = Boot, arguments = beamrc_native:arguments()}).

%% A module whose on_load function fails stays usable here; OTP would unload it.
run_on_load([{Module, Function} | Rest]) ->
    try
        Module:Function()
    catch
        _:_ -> ok
    end,
    run_on_load(Rest);
run_on_load([]) ->
    ok.

loop(#state{boot = Boot} = State) ->
    receive
        {Boot, started} ->
            [Pid ! {init, started} || Pid <- State#state.subscribed],
            loop(State#state{status = {started, started}, subscribed = []});
        {Boot, done} ->
            stop(stop);
        {'EXIT', Boot, normal} ->
            loop(State);
        {'EXIT', Boot, Reason} ->
            init:beamrc_crash(Reason);
        {stop, Reason} ->
            stop(Reason);
        {From, Request} when is_pid(From) ->
            loop(reply(Request, From, State));
        Request when element(1, Request) =:= io_request ->
            user ! Request,
            loop(State);
        _ ->
            loop(State)
    end.

reply({notify_when_started, Pid}, From, #state{status = {starting, _}} = State) ->
    From ! {init, ok},
    State#state{subscribed = [Pid | State#state.subscribed]};
reply(Request, From, State) ->
    case answer(Request, State) of
        {ok, Answer} -> From ! {init, Answer};
        ignore -> ok
    end,
    State.

answer(get_plain_arguments, State) -> {ok, State#state.arguments};
answer(get_arguments, _) -> {ok, flags()};
answer({get_argument, Flag}, _) ->
    case lists:keyfind(Flag, 1, flags()) of
        {_, Values} -> {ok, {ok, [Values]}};
        false -> {ok, error}
    end;
answer(get_status, State) -> {ok, State#state.status};
answer(script_id, _) -> {ok, {"beamrc", "1"}};
answer({notify_when_started, _}, _) -> {ok, started};
answer({ensure_loaded, _}, _) -> {ok, not_allowed};
answer(_, _) -> ignore.

flags() ->
    case os:getenv("HOME") of
        false -> [{progname, ["beamrc"]}, {noshell, []}];
        Home -> [{progname, ["beamrc"]}, {home, [Home]}, {noshell, []}]
    end.

stop(Reason) ->
    beamrc_applications:stop_all(),
    beamrc_logger:flush(),
    case Reason of
        {stop, Status} -> halt(Status);
        _ -> halt()
    end.
