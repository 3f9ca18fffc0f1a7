%% The process `application_controller`, before it is OTP's: that it is in programs which can ask
%% `application_controller` anything. In others, which only want applications of nothing but code to be
%% started, as every Gleam program does, this process knows what has been.
-module(beamrc_applications).

%% OTP's controller is there for other reasons, if it is.
-beamrc_unlikely([controlled]).
-export([start/0, become/1, stop_all/1, ensure_all_started/1, get_env/2]).

-define(ALWAYS, [kernel, stdlib]).

-record(state, {loaded = ?ALWAYS, running = ?ALWAYS}).

start() ->
    Pid = spawn_link(fun() -> controller(#state{}) end),
    true = register(application_controller, Pid),
    Pid.

%% The process that becomes the controller by calling the function, which registers it anew.
become(Controller) ->
    Pid = whereis(application_controller),
    %% OTP's controller calls these by names that are values.
    Pid ! {become, Controller, [fun kernel:start/2, fun kernel:stop/1, fun kernel:config_change/3]},
    Pid.

%% What runs is stopped in the reverse order of starting; then the caller is sent a message 'DOWN' with
%% the reference.
stop_all(Controller) ->
    Monitor = monitor(process, Controller),
    Controller ! {'EXIT', self(), shutdown},
    Monitor.

%% The compiler links OTP's controller if an application that may be started has a start module or
%% includes others.
ensure_all_started(Applications) ->
    case erlang:module_loaded(application_controller) of
        true -> controlled(Applications);
        false when is_atom(Applications) -> ensure_all_started([Applications]);
        false ->
            case ask({ensure_all_started, Applications}) of
                {raise, Reason} -> error(Reason, [Applications]);
                Answer -> Answer
            end
    end.

controlled(Applications) ->
    application:ensure_all_started(Applications, temporary).

%% Without OTP's controller.
get_env(Application, Key) ->
    case value(Key, value(env, keys(Application), []), none) of
        none ->
            undefined;
        Value ->
            case is_loaded(Application) of
                true -> {ok, Value};
                false -> undefined
            end
    end.

%% Whoever prints asks for the environment of `kernel`, and that may be the process itself.
is_loaded(Application) ->
    lists:member(Application, ?ALWAYS) orelse ask({is_loaded, Application}).

ask(Request) ->
    Controller = whereis(application_controller),
    Monitor = monitor(process, Controller),
    Controller ! {self(), Monitor, Request},
    receive
        {Monitor, Answer} ->
            demonitor(Monitor, [flush]),
            Answer;
        {'DOWN', Monitor, process, _, Reason} ->
            exit(Reason)
    end.

controller(State) ->
    receive
        {become, Controller, _} ->
            true = unregister(application_controller),
            Controller();
        {From, Monitor, {is_loaded, Application}} ->
            From ! {Monitor, lists:member(Application, State#state.loaded)},
            controller(State);
        {From, Monitor, {ensure_all_started, Applications}} ->
            {Answer, Next} =
                try start(Applications, [], [], State) of
                    {ok, Started, Now} -> {{ok, lists:reverse(Started)}, Now};
                    {error, Reason, Started, Now} -> {{error, Reason}, stop(Started, Now)}
                catch
                    %% What is no list of names is its caller's mistake.
                    error:Reason -> {{raise, Reason}, State}
                end,
            From ! {Monitor, Answer},
            controller(Next);
        {'EXIT', _, shutdown} ->
            beamrc_kernel:stop()
    end.

%% As `application:ensure_all_started/3` does: an application after those that it needs.
start([Name | Names], Optional, Started, State) when is_atom(Name) ->
    case {lists:member(Name, State#state.running), keys(Name)} of
        {true, _} ->
            start(Names, Optional, Started, State);
        {false, none} ->
            case lists:member(Name, Optional) of
                true -> start(Names, Optional, Started, State);
                false -> {error, {Name, {"no such file or directory", file(Name)}}, Started, State}
            end;
        {false, Keys} ->
            Loaded = State#state{loaded = [Name | State#state.loaded]},
            Needs = value(applications, Keys, []),
            case start(Needs, value(optional_applications, Keys, []), Started, Loaded) of
                {ok, Others, #state{running = Running} = Next} ->
                    progress(Name),
                    start(Names, Optional, [Name | Others], Next#state{running = [Name | Running]});
                Error ->
                    Error
            end
    end;
start([], _, Started, State) ->
    {ok, Started, State}.

stop([Name | Names], #state{running = Running} = State) ->
    stopped(Name),
    stop(Names, State#state{running = lists:delete(Name, Running)});
stop([], State) ->
    State.

keys(Name) ->
    case lists:keyfind(Name, 2, beamrc_program:applications()) of
        {application, _, Keys} -> Keys;
        false -> none
    end.

value(_, none, Default) -> Default;
value(Key, Keys, Default) ->
    case lists:keyfind(Key, 1, Keys) of
        {_, Value} -> Value;
        false -> Default
    end.

file(Name) -> atom_to_list(Name) ++ ".app".

%% The reports of OTP's controller.
progress(Name) ->
    report(info, progress, [{application, Name}, {started_at, node()}], #{
        domain => [otp, sasl],
        logger_formatter => #{title => "PROGRESS REPORT"},
        error_logger => #{tag => info_report, type => progress}
    }).

stopped(Name) ->
    report(notice, exit, [{application, Name}, {exited, stopped}, {type, temporary}], #{
        domain => [otp],
        error_logger => #{tag => info_report, type => std_info}
    }).

report(Level, Label, Report, Metadata) ->
    case logger:allow(Level, application_controller) of
        true ->
            Text = fun logger:format_otp_report/1,
            logger:macro_log(#{}, Level, #{label => {application_controller, Label}, report => Report},
                Metadata#{report_cb => Text});
        false ->
            ok
    end.
