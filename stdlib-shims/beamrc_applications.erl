%% The process `application_controller`: which applications are loaded and running, and their
%% environments. `beamrc_application_master` runs a single one.
%%
%% It never waits for an application or for the logger, so that they can ask it things.
-module(beamrc_applications).

%% What only reports need must not stop a build.
-beamrc_unlikely([report]).
-export([start/0, stop_all/0, call/1]).

-record(application, {
    keys, env, type, status = loaded :: loaded | starting | running | stopping, master
}).

-record(state, {
    applications = #{},
    %% What runs, the last started first.
    order = [],
    %% Application, and who waits for it to start or to stop.
    waiting = #{},
    %% Reference of a stop, and the application.
    stops = #{},
    %% Requests that come when their application has stopped, the last first.
    held = [],
    %% Monitors of processes that report an exit.
    reports = [],
    %% What is to be done when nothing runs and everything is reported.
    ending = none :: none | fun(() -> _)
}).

start() ->
    Pid = spawn(fun init/0),
    true = register(application_controller, Pid),
    Pid.

%% Stops what runs, in the reverse order of starting; the caller is sent the reference then.
stop_all() ->
    Reference = make_ref(),
    application_controller ! {stop_all, self(), Reference},
    Reference.

call(Request) ->
    case whereis(application_controller) of
        undefined ->
            exit(noproc);
        Pid ->
            Monitor = monitor(process, Pid),
            Pid ! {request, self(), Monitor, Request},
            receive
                {Monitor, Reply} ->
                    demonitor(Monitor, [flush]),
                    Reply;
                {'DOWN', Monitor, process, _, Reason} ->
                    exit(Reason)
            end
    end.

init() ->
    process_flag(trap_exit, true),
    Running = [kernel, stdlib],
    Specifications = [
        S || {application, Name, _} = S <- beamrc_program:applications(), lists:member(Name, Running)
    ],
    State = lists:foldl(
        fun(S, State0) ->
            started(element(2, S), undefined, permanent, load(S, State0))
        end,
        #state{},
        Specifications
    ),
    loop(State).

loop(State0) ->
    receive
        {request, From, Ref, Request} ->
            case handle(Request, {From, Ref}, State0) of
                {reply, Reply, State} ->
                    From ! {Ref, Reply},
                    loop(State);
                {noreply, State} ->
                    loop(State)
            end;
        {started, Name, Result} ->
            loop(start_done(Name, Result, State0));
        {terminated, Name, Reason} ->
            loop(terminated(Name, Reason, State0));
        {stop_all, From, Reference} ->
            loop(end_all(State0#state{ending = fun() -> From ! Reference end}));
        Message ->
            case beamrc_application_master:stopped(Message) of
                {ok, Reference} -> loop(stop_done(Reference, State0));
                error -> loop(State0)
            end
    end.

handle_held([{Request, {From, Ref} = Who} | Held], State0) ->
    case handle(Request, Who, State0) of
        {reply, Reply, State} ->
            From ! {Ref, Reply},
            handle_held(Held, State);
        {noreply, State} ->
            handle_held(Held, State)
    end;
handle_held([], State) ->
    State.

handle({load, Application}, _, State0) ->
    case (application(name(Application), State0))#application.keys of
        undefined ->
            case specification(Application) of
                {error, _} = Error -> {reply, Error, State0};
                Specification -> {reply, ok, load(Specification, State0)}
            end;
        _ ->
            {reply, {error, {already_loaded, Application}}, State0}
    end;
handle({start, Name, Type}, From, State) ->
    start_application(Name, Type, From, State);
handle({stop, Name} = Request, From, State) ->
    case State#state.applications of
        #{Name := #application{status = running, master = undefined, type = Type}} ->
            {reply, ok, exited(Name, stopped, Type, not_running(Name, State))};
        #{Name := #application{status = running}} ->
            {noreply, stop_one(Name, wait(Name, From, State))};
        #{Name := #application{status = stopping}} ->
            {noreply, hold(Request, From, State)};
        _ ->
            {reply, {error, {not_started, Name}}, State}
    end;
handle({unload, Name}, _, #state{applications = Applications} = State) ->
    case Applications of
        #{Name := #application{status = loaded}} ->
            {reply, ok, State#state{applications = maps:remove(Name, Applications)}};
        #{Name := _} ->
            {reply, {error, {running, Name}}, State};
        _ ->
            {reply, {error, {not_loaded, Name}}, State}
    end;
handle({set_env, Name, Key, Value}, _, State) ->
    Application = #application{env = Env} = application(Name, State),
    {reply, ok, put_application(Name, Application#application{env = Env#{Key => Value}}, State)};
handle({unset_env, Name, Key}, _, State) ->
    Application = #application{env = Env} = application(Name, State),
    {reply, ok, put_application(Name, Application#application{env = maps:remove(Key, Env)}, State)};
handle(Question, _, State) ->
    {reply, answer(Question, State), State}.

answer({is_running, Name}, State) ->
    (application(Name, State))#application.status =:= running;
answer(which_applications, State) ->
    [describe(Name, State) || Name <- State#state.order];
answer(loaded_applications, #state{applications = Applications} = State) ->
    [describe(Name, State) || {Name, #application{keys = [_ | _]}} <- maps:to_list(Applications)];
answer({get_env, Name, Key}, State) ->
    case application(Name, State) of
        #application{env = #{Key := Value}} -> {ok, Value};
        _ -> undefined
    end;
answer({get_all_env, Name}, State) ->
    maps:to_list((application(Name, State))#application.env);
answer({get_all_key, Name}, State) ->
    case application(Name, State) of
        #application{keys = undefined} -> undefined;
        #application{keys = Keys} -> {ok, Keys}
    end;
answer({master, Name}, State) ->
    (application(Name, State))#application.master;
answer({application_of_leader, Leader}, State) ->
    find(fun(#application{master = Master}) -> Master =:= Leader end, State);
answer({application_of_module, Module}, State) ->
    find(
        fun
            (#application{keys = undefined}) -> false;
            (#application{keys = Keys}) -> lists:member(Module, value(modules, Keys, []))
        end,
        State
    ).

find(Fun, #state{applications = Applications}) ->
    case [Name || {Name, Application} <- maps:to_list(Applications), Fun(Application)] of
        [Name | _] -> {ok, Name};
        [] -> undefined
    end.

describe(Name, State) ->
    #application{keys = Keys} = application(Name, State),
    {Name, value(description, Keys, ""), value(vsn, Keys, "")}.

application(Name, #state{applications = Applications}) ->
    maps:get(Name, Applications, #application{env = #{}}).

put_application(Name, Application, #state{applications = Applications} = State) ->
    State#state{applications = Applications#{Name => Application}}.

value(Key, Keys, Default) ->
    case lists:keyfind(Key, 1, Keys) of
        {_, Value} -> Value;
        false -> Default
    end.

name(Name) when is_atom(Name) -> Name;
name({application, Name, _}) -> Name.

specification({application, _, _} = Specification) ->
    Specification;
specification(Name) when is_atom(Name) ->
    case lists:keyfind(Name, 2, beamrc_program:applications()) of
        false -> {error, {"no such file or directory", atom_to_list(Name) ++ ".app"}};
        Specification -> Specification
    end.

load({application, Name, Given}, State) ->
    Keys = with_defaults(Given),
    Set = (application(Name, State))#application.env,
    Env = maps:merge(maps:from_list(value(env, Keys, [])), Set),
    put_application(Name, #application{keys = Keys, env = Env}, State).

%% The keys in the order in which application:get_all_key/1 has them.
with_defaults(Given) ->
    Defaults = [
        {description, ""},
        {id, ""},
        {vsn, ""},
        {modules, []},
        {maxP, infinity},
        {maxT, infinity},
        {registered, []},
        {included_applications, []},
        {optional_applications, []},
        {applications, []},
        {env, []},
        {mod, []},
        {start_phases, undefined}
    ],
    [{Key, value(Key, Given, Default)} || {Key, Default} <- Defaults].

start_application(Name, Type, From, State) ->
    case application(Name, State) of
        #application{status = running} ->
            {reply, {error, {already_started, Name}}, State};
        #application{status = starting} ->
            {noreply, wait(Name, From, State)};
        #application{status = stopping} ->
            {noreply, hold({start, Name, Type}, From, State)};
        #application{keys = Keys} = Application ->
            case [A || A <- value(applications, Keys, []), not is_running(A, Keys, State)] of
                [Needed | _] ->
                    {reply, {error, {not_started, Needed}}, State};
                [] ->
                    run(Name, Application#application{type = Type}, From, State)
            end
    end.

is_running(Name, Keys, State) ->
    lists:member(Name, value(optional_applications, Keys, [])) orelse
        (application(Name, State))#application.status =:= running.

run(Name, #application{keys = Keys, type = Type} = Application, From, State) ->
    case value(mod, Keys, []) of
        [] ->
            {reply, ok, started(Name, undefined, Type, State)};
        {Mod, Args} ->
            Phases = value(start_phases, Keys, undefined),
            Master = beamrc_application_master:start(self(), Name, Mod, Args, Phases),
            Starting = Application#application{status = starting, master = Master},
            {noreply, wait(Name, From, put_application(Name, Starting, State))}
    end.

wait(Name, From, #state{waiting = Waiting} = State) ->
    State#state{waiting = Waiting#{Name => [From | maps:get(Name, Waiting, [])]}}.

hold(Request, From, #state{held = Held} = State) ->
    State#state{held = [{Request, From} | Held]}.

start_done(Name, Result, State0) ->
    case Result of
        {ok, Master} ->
            Type = (application(Name, State0))#application.type,
            reply(Name, ok, started(Name, Master, Type, State0));
        {error, Reason} = Error ->
            #application{type = Type} = Application = application(Name, State0),
            Loaded = Application#application{status = loaded, master = undefined},
            State1 = reply(Name, Error, put_application(Name, Loaded, State0)),
            State = exited(Name, Reason, Type, State1),
            case Type of
                temporary -> State;
                transient when element(1, Reason) =:= {'EXIT', normal} -> State;
                _ -> crash({application_start_failure, Name, Reason}, State)
            end
    end.

%% Answers those who wait for the application.
reply(Name, Reply, #state{waiting = Waiting} = State) ->
    _ = [From ! {Ref, Reply} || {From, Ref} <- maps:get(Name, Waiting, [])],
    State#state{waiting = maps:remove(Name, Waiting)}.

started(Name, Master, Type, State) ->
    Application = application(Name, State),
    Running = Application#application{status = running, master = Master, type = Type},
    (put_application(Name, Running, State))#state{order = [Name | State#state.order]}.

stop_one(Name, #state{stops = Stops} = State) ->
    Application = application(Name, State),
    Reference = beamrc_application_master:stop(Application#application.master),
    Stopping = Application#application{status = stopping},
    (put_application(Name, Stopping, State))#state{stops = Stops#{Reference => Name}}.

stop_done(Reference, #state{stops = Stops} = State0) ->
    case maps:take(Reference, Stops) of
        {Name, Rest} ->
            #application{type = Type} = application(Name, State0),
            State1 = reply(Name, ok, not_running(Name, State0#state{stops = Rest})),
            State2 =
                case State1#state.ending of
                    none -> exited(Name, stopped, Type, State1);
                    _ -> State1
                end,
            Held = lists:reverse(State2#state.held),
            end_all(handle_held(Held, State2#state{held = []}));
        error ->
            end_all(State0#state{reports = lists:delete(Reference, State0#state.reports)})
    end.

%% If the program is ending: stops the next application, until none is left.
end_all(#state{ending = none} = State) ->
    State;
end_all(#state{order = [], reports = [], ending = Ending} = State) ->
    Ending(),
    State#state{ending = none};
end_all(#state{order = []} = State) ->
    State;
end_all(#state{order = [Name | _]} = State) ->
    case application(Name, State) of
        #application{status = stopping} -> State;
        #application{master = undefined} -> end_all(not_running(Name, State));
        _ -> stop_one(Name, State)
    end.

not_running(Name, State) ->
    Application = application(Name, State),
    Stopped = Application#application{status = loaded, master = undefined},
    (put_application(Name, Stopped, State))#state{order = lists:delete(Name, State#state.order)}.

%% What a crashed application takes with it depends on its type.
terminated(Name, Reason, State) ->
    case application(Name, State) of
        #application{status = running, type = Type} ->
            Left = exited(Name, Reason, Type, not_running(Name, State)),
            case Type of
                temporary -> Left;
                transient when Reason =:= normal -> Left;
                _ -> crash({application_terminated, Name, Reason}, Left)
            end;
        _ ->
            State
    end.

%% OTP's init says so when a process that the kernel needs terminates.
crash(Why, State) ->
    Text = lists:flatten(io_lib:format("~0p", [Why])),
    Crash = fun() -> init:crash("Kernel pid terminated", [application_controller, Text]) end,
    end_all(State#state{ending = Crash}).

exited(Name, Reason, Type, #state{reports = Reports} = State) ->
    {_, Monitor} = spawn_monitor(fun() -> report(Name, Reason, Type) end),
    State#state{reports = [Monitor | Reports]}.

report(Name, Reason, Type) ->
    Report = #{
        label => {application_controller, exit},
        report => [{application, Name}, {exited, Reason}, {type, Type}]
    },
    logger:log(notice, Report, #{
        domain => [otp],
        report_cb => fun logger:format_otp_report/1,
        error_logger => #{tag => info_report, type => std_info}
    }).
