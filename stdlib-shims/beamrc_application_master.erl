%% The two processes of one running application, as OTP's `application_master` has them: the
%% master is group leader of all processes of the application and the one that can stop it; the
%% starter calls the callback module and is parent of what that starts.
-module(beamrc_application_master).

-export([start/5, stop/1, stopped/1, get_child/1]).

%% Starts `Module:start(normal, Args)`; the controller is sent {started, Name, {ok, Master}} or
%% {started, Name, Error}, and {terminated, Name, Reason} when a started application ends.
start(Controller, Name, Module, Args, Phases) ->
    Leader = group_leader(),
    spawn(fun() -> master(Controller, Name, Leader, {Module, Args, Phases}) end).

%% Returns a reference: the message for which `stopped/1` has it says that the application ended.
stop(Master) ->
    ask(Master, stop).

%% The reference, if the message is of that kind.
stopped({Monitor, ok}) when is_reference(Monitor) ->
    demonitor(Monitor, [flush]),
    {ok, Monitor};
stopped({'DOWN', Monitor, process, _, _}) ->
    {ok, Monitor};
stopped(_) ->
    error.

%% The process that the callback module returned, and that module.
get_child(Master) ->
    case call(Master, get_child) of
        {ok, Child} -> Child;
        down -> error
    end.

ask(Master, Request) ->
    Monitor = monitor(process, Master),
    Master ! {Request, self(), Monitor},
    Monitor.

call(Master, Request) ->
    Monitor = ask(Master, Request),
    receive
        {Monitor, Reply} ->
            demonitor(Monitor, [flush]),
            {ok, Reply};
        {'DOWN', Monitor, process, _, _} ->
            down
    end.

master(Controller, Name, Leader, Application) ->
    process_flag(trap_exit, true),
    Master = self(),
    Starter = spawn_link(fun() ->
        group_leader(Master, self()),
        start_it(Master, Application)
    end),
    case await(Starter, {Leader, Starter, undefined}) of
        {started, Child} ->
            Controller ! {started, Name, {ok, Master}},
            Reason = main_loop({Leader, Starter, Child}),
            Controller ! {terminated, Name, Reason};
        Error ->
            Controller ! {started, Name, Error}
    end.

await(Starter, State) ->
    receive
        {Starter, Result} -> Result;
        {'EXIT', Starter, Reason} -> {error, Reason};
        Request when element(1, Request) =:= io_request ->
            relay(Request, State),
            await(Starter, State)
    end.

main_loop({_, Starter, Child} = State) ->
    receive
        Request when element(1, Request) =:= io_request ->
            relay(Request, State),
            main_loop(State);
        {'EXIT', Starter, Reason} ->
            kill_all(),
            Reason;
        {get_child, From, Ref} ->
            From ! {Ref, Child},
            main_loop(State);
        {stop, From, Ref} ->
            Starter ! {self(), terminate},
            terminated(State),
            kill_all(),
            From ! {Ref, ok},
            normal;
        _ ->
            main_loop(State)
    end.

terminated({_, Starter, _} = State) ->
    receive
        {'EXIT', Starter, _} ->
            ok;
        Request when element(1, Request) =:= io_request ->
            relay(Request, State),
            terminated(State)
    end.

relay(Request, {Leader, _, _}) ->
    Leader ! Request.

%% Every process that is left of the application.
kill_all() ->
    Self = self(),
    Left = [
        Pid
     || Pid <- processes(), Pid =/= Self, process_info(Pid, group_leader) =:= {group_leader, Self}
    ],
    case Left of
        [] ->
            ok;
        _ ->
            _ = [exit(Pid, kill) || Pid <- Left],
            kill_all()
    end.

start_it(Master, {Module, Args, Phases}) ->
    process_flag(trap_exit, true),
    case catch Module:start(normal, Args) of
        {ok, Pid} -> started(Master, Module, Pid, [], Phases);
        {ok, Pid, State} -> started(Master, Module, Pid, State, Phases);
        {error, Reason} -> Master ! {self(), {error, {Reason, called(Module, Args)}}};
        {'EXIT', normal} -> Master ! {self(), {error, {{'EXIT', normal}, called(Module, Args)}}};
        Other -> Master ! {self(), {error, {bad_return, {called(Module, Args), Other}}}}
    end.

called(Module, Args) ->
    {Module, start, [normal, Args]}.

started(Master, Module, Pid, State, Phases) ->
    link(Pid),
    case start_phases(Module, Phases) of
        ok ->
            Master ! {self(), {started, {Pid, Module}}},
            starter_loop(Master, Pid, Module, State);
        Error ->
            unlink(Pid),
            Master ! {self(), Error}
    end.

start_phases(Module, [{Phase, Args} | Phases]) ->
    case catch Module:start_phase(Phase, normal, Args) of
        ok -> start_phases(Module, Phases);
        {error, Reason} -> {error, {Reason, {Module, start_phase, [Phase, normal, Args]}}};
        Other -> {error, {bad_return, {{Module, start_phase, [Phase, normal, Args]}, Other}}}
    end;
start_phases(_, _) ->
    ok.

starter_loop(Master, Child, Module, State) ->
    receive
        {Master, terminate} ->
            Stopping = prep_stop(Module, State),
            exit(Child, shutdown),
            receive
                {'EXIT', Child, _} -> ok
            end,
            catch Module:stop(Stopping),
            exit(normal);
        {'EXIT', Child, Reason} ->
            Stopping = prep_stop(Module, State),
            catch Module:stop(Stopping),
            exit(Reason);
        _ ->
            starter_loop(Master, Child, Module, State)
    end.

prep_stop(Module, State) ->
    case catch Module:prep_stop(State) of
        {'EXIT', _} -> State;
        New -> New
    end.
