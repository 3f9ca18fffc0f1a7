%% The process `application_controller`: which applications are loaded and running, and their
%% environments. `beamrc_application_master` runs a single one.
-module(beamrc_applications).

-export([start/0, stop_all/0, call/1]).

-record(application, {keys, env, type, status = loaded :: loaded | starting | running, master}).

%% `order`: what runs, the last started first.
-record(state, {applications = #{}, order = [], waiting = #{}}).

start() ->
    Pid = spawn(fun init/0),
    true = register(application_controller, Pid),
    Pid.

stop_all() ->
    call(stop_all).

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
            {ok, State1} = load(S, State0),
            started(element(2, S), undefined, permanent, State1)
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
        _ ->
            loop(State0)
    end.

handle({load, Application}, _, State0) ->
    case specification(Application) of
        {error, _} = Error ->
            {reply, Error, State0};
        Specification ->
            case load(Specification, State0) of
                {ok, State} -> {reply, ok, State};
                Error -> {reply, Error, State0}
            end
    end;
handle({start, Name, Type}, From, State) ->
    start_application(Name, Type, From, State);
handle({stop, Name}, _, State) ->
    case State#state.applications of
        #{Name := #application{status = running, master = Master}} ->
            {reply, ok, stopped(Name, Master, State)};
        _ ->
            {reply, {error, {not_started, Name}}, State}
    end;
handle(stop_all, _, State) ->
    {reply, ok, lists:foldl(fun stop_one/2, State, State#state.order)};
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

specification({application, _, _} = Specification) ->
    Specification;
specification(Name) when is_atom(Name) ->
    case lists:keyfind(Name, 2, beamrc_program:applications()) of
        false -> {error, {"no such file or directory", atom_to_list(Name) ++ ".app"}};
        Specification -> Specification
    end.

load({application, Name, Given}, State) ->
    case application(Name, State) of
        #application{keys = undefined, env = Set} ->
            Keys = with_defaults(Given),
            Env = maps:merge(maps:from_list(value(env, Keys, [])), Set),
            {ok, put_application(Name, #application{keys = Keys, env = Env}, State)};
        _ ->
            {error, {already_loaded, Name}}
    end.

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
        #application{keys = Keys} = Application ->
            case [A || A <- value(applications, Keys, []), not is_running(A, Keys, State)] of
                [Needed | _] ->
                    {reply, {error, {not_started, Needed}}, State};
                [] ->
                    run(Name, Application#application{type = Type}, From, State)
            end
    end.

%% An optional application that the program does not have counts as running.
is_running(Name, Keys, State) ->
    Optional =
        lists:member(Name, value(optional_applications, Keys, [])) andalso
            not is_tuple(lists:keyfind(Name, 2, beamrc_program:applications())),
    Optional orelse (application(Name, State))#application.status =:= running.

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

start_done(Name, Result, #state{waiting = Waiting} = State0) ->
    {Reply, State} =
        case Result of
            {ok, Master} ->
                {ok, started(Name, Master, (application(Name, State0))#application.type, State0)};
            Error ->
                Application = application(Name, State0),
                Loaded = Application#application{status = loaded, master = undefined},
                {Error, put_application(Name, Loaded, State0)}
        end,
    _ = [From ! {Ref, Reply} || {From, Ref} <- maps:get(Name, Waiting, [])],
    State#state{waiting = maps:remove(Name, Waiting)}.

started(Name, Master, Type, State) ->
    Application = application(Name, State),
    Running = Application#application{status = running, master = Master, type = Type},
    (put_application(Name, Running, State))#state{order = [Name | State#state.order]}.

stop_one(Name, State) ->
    stopped(Name, (application(Name, State))#application.master, State).

stopped(Name, Master, State) ->
    case Master of
        undefined -> ok;
        _ -> beamrc_application_master:stop(Master)
    end,
    not_running(Name, State).

not_running(Name, State) ->
    Application = application(Name, State),
    Stopped = Application#application{status = loaded, master = undefined},
    (put_application(Name, Stopped, State))#state{order = lists:delete(Name, State#state.order)}.

%% What a crashed application takes with it depends on its type.
terminated(Name, Reason, State) ->
    case application(Name, State) of
        #application{status = running, type = Type} when
            Type =:= permanent; Type =:= transient, Reason =/= normal
        ->
            Exit = {application_terminated, Name, Reason},
            %% OTP's init says so when a process that the kernel needs terminates.
            init:crash("Kernel pid terminated", [application_controller, Exit]);
        #application{status = running} ->
            not_running(Name, State);
        _ ->
            State
    end.
