%% The first process: starts what a program needs around it, runs the program in a process of its
%% own, and answers for OTP's `init`.
%%
%% `beamrc_program` is made by the compiler for each program.
-module(beamrc_boot).

-export([start/0]).

%% `stop`: what was asked for, and since when, or the monitor that tells that applications have
%% stopped.
-record(state, {boot, controller, arguments, status = {starting, starting}, subscribed = [], stop = none}).

%% How long a stop waits at most for processes that have something to do: OTP's stop takes a few
%% milliseconds, and more where processors are busy. And how long it does not sleep meanwhile.
-define(SETTLE_US, 100000).
-define(WATCH_US, 200).

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
    _ = beamrc_kernel:start(),
    Controller = beamrc_applications:start(),
    Init = self(),
    Boot = spawn_link(fun() ->
        run_on_load(controller_first(beamrc_program:on_load())),
        init:do_boot(Init, [], [])
    end),
    loop(#state{boot = Boot, controller = Controller, arguments = beamrc_native:arguments()}).

%% The others may start applications.
controller_first(OnLoad) ->
    case lists:keytake(application_controller, 1, OnLoad) of
        {value, Controller, Others} -> [Controller | Others];
        false -> OnLoad
    end.

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
            loop(State#state{status = {starting, started}, subscribed = []});
        {Boot, done} ->
            loop(stop(stop, State));
        {'EXIT', Boot, normal} ->
            {_, Progress} = State#state.status,
            loop(State#state{status = {started, Progress}});
        {'EXIT', Boot, Reason} ->
            init:beamrc_crash(Reason);
        {'EXIT', Controller, Reason} when Controller =:= State#state.controller ->
            case State#state.stop of
                {_, Monitor} when is_reference(Monitor) ->
                    loop(State);
                _ ->
                    beamrc_logger:flush(),
                    init:crash("Kernel pid terminated", [application_controller, Reason])
            end;
        {stop, Reason} ->
            loop(stop(Reason, State));
        {From, Request} when is_pid(From) ->
            loop(reply(Request, From, State));
        Request when element(1, Request) =:= io_request ->
            user ! Request,
            loop(State);
        {'DOWN', Monitor, process, _, _} when element(2, State#state.stop) =:= Monitor ->
            beamrc_logger:flush(),
            case State#state.stop of
                {{stop, Status}, _} -> halt(Status);
                _ -> halt()
            end;
        _ ->
            loop(State)
    after pause(State#state.stop) ->
        loop(settle(State))
    end.

pause({_, Since}) when is_integer(Since) ->
    case now_us() - Since of
        Waited when Waited < ?WATCH_US -> 0;
        _ -> 1
    end;
pause(_) -> infinity.

reply({notify_when_started, Pid}, From, #state{status = {starting, starting}} = State) ->
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

%% The root is that of `code:root_dir/0`, by which files are not embedded only because start-up names it.
flags() ->
    Home =
        case os:getenv("HOME") of
            false -> [];
            Folder -> [{home, [Folder]}]
        end,
    [{root, ["/proc/self/exe"]}, {progname, ["beamrc"]}] ++ Home ++ [{noshell, []}].

stop(Reason, #state{stop = none, status = {_, Progress}} = State) ->
    State#state{stop = {Reason, now_us()}, status = {stopping, Progress}};
stop(_, State) ->
    State.

%% OTP takes longer to stop than the others take to finish what they are at: mostly who asked for it
%% gets as far as to print what it was told. Here a stop waits until no other process has anything
%% to do.
settle(#state{stop = {Reason, Since}, controller = Controller} = State) ->
    erlang:yield(),
    case beamrc_native:is_idle() orelse now_us() - Since > ?SETTLE_US of
        true -> State#state{stop = {Reason, beamrc_applications:stop_all(Controller)}};
        false -> State
    end.

now_us() ->
    erlang:monotonic_time(microsecond).
