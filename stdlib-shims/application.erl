%% Applications whose specifications are in the executable. Every function asks the process of
%% `beamrc_applications`; what `-config` and `sys.config` are to OTP, there is not.
-module(application).

-export([
    ensure_all_started/1,
    ensure_all_started/2,
    ensure_all_started/3,
    ensure_started/1,
    ensure_started/2,
    start/1,
    start/2,
    stop/1,
    load/1,
    load/2,
    unload/1,
    which_applications/0,
    which_applications/1,
    loaded_applications/0,
    get_env/1,
    get_env/2,
    get_env/3,
    get_all_env/0,
    get_all_env/1,
    set_env/1,
    set_env/2,
    set_env/3,
    set_env/4,
    unset_env/2,
    unset_env/3,
    get_key/1,
    get_key/2,
    get_all_key/0,
    get_all_key/1,
    get_application/0,
    get_application/1,
    get_supervisor/1,
    start_type/0
]).

ensure_all_started(Applications) ->
    ensure_all_started(Applications, temporary).

ensure_all_started(Applications, Type) ->
    ensure_all_started(Applications, Type, serial).

ensure_all_started(Application, Type, Mode) when is_atom(Application) ->
    ensure_all_started([Application], Type, Mode);
ensure_all_started(Applications, Type, _Mode) ->
    case start_all(Applications, [], Type, []) of
        {ok, Started} ->
            {ok, lists:reverse(Started)};
        {error, Reason, Started} ->
            _ = [stop(Application) || Application <- Started],
            {error, Reason}
    end.

%% Each after what it needs; optional ones are left out where the program does not have them.
start_all([Application | Rest], Optional, Type, Started0) ->
    case start_with_needs(Application, Type, Started0) of
        {ok, Started} ->
            start_all(Rest, Optional, Type, Started);
        {error, {Application, {"no such file or directory", _}}, _} = Error ->
            case lists:member(Application, Optional) of
                true -> start_all(Rest, Optional, Type, Started0);
                false -> Error
            end;
        Error ->
            Error
    end;
start_all([], _, _, Started) ->
    {ok, Started}.

start_with_needs(Application, Type, Started0) ->
    case call({is_running, Application}) of
        true ->
            {ok, Started0};
        false ->
            case load(Application) of
                Loaded when Loaded =:= ok; Loaded =:= {error, {already_loaded, Application}} ->
                    {ok, Needs} = get_key(Application, applications),
                    {ok, Optional} = get_key(Application, optional_applications),
                    case start_all(Needs, Optional, Type, Started0) of
                        {ok, Started} -> start_last(Application, Type, Started);
                        Error -> Error
                    end;
                {error, Reason} ->
                    {error, {Application, Reason}, Started0}
            end
    end.

start_last(Application, Type, Started) ->
    case call({start, Application, Type}) of
        ok -> {ok, [Application | Started]};
        {error, {already_started, Application}} -> {ok, Started};
        {error, Reason} -> {error, {Application, Reason}, Started}
    end.

ensure_started(Application) ->
    ensure_started(Application, temporary).

ensure_started(Application, Type) ->
    case start(Application, Type) of
        {error, {already_started, Application}} -> ok;
        Other -> Other
    end.

start(Application) ->
    start(Application, temporary).

start(Application, Type) ->
    case load(Application) of
        ok -> call({start, name(Application), Type});
        {error, {already_loaded, _}} -> call({start, name(Application), Type});
        Error -> Error
    end.

name(Name) when is_atom(Name) -> Name;
name({application, Name, _}) -> Name.

stop(Application) ->
    call({stop, Application}).

load(Application) ->
    load(Application, []).

load(Application, _Distributed) ->
    call({load, Application}).

unload(Application) ->
    call({unload, Application}).

which_applications() ->
    call(which_applications).

which_applications(_Timeout) ->
    call(which_applications).

loaded_applications() ->
    call(loaded_applications).

get_env(Key) ->
    of_mine(fun(Application) -> get_env(Application, Key) end, undefined).

get_env(Application, Key) ->
    call({get_env, Application, Key}).

get_env(Application, Key, Default) ->
    case get_env(Application, Key) of
        {ok, Value} -> Value;
        undefined -> Default
    end.

get_all_env() ->
    of_mine(fun get_all_env/1, []).

get_all_env(Application) ->
    call({get_all_env, Application}).

set_env(Config) ->
    set_env(Config, []).

set_env(Config, _Options) ->
    _ = [set_env(Application, Key, Value) || {Application, Env} <- Config, {Key, Value} <- Env],
    ok.

set_env(Application, Key, Value) ->
    call({set_env, Application, Key, Value}).

set_env(Application, Key, Value, _Options) ->
    set_env(Application, Key, Value).

unset_env(Application, Key) ->
    call({unset_env, Application, Key}).

unset_env(Application, Key, _Options) ->
    unset_env(Application, Key).

get_key(Key) ->
    of_mine(fun(Application) -> get_key(Application, Key) end, undefined).

get_key(Application, Key) ->
    case get_all_key(Application) of
        {ok, Keys} ->
            case lists:keyfind(Key, 1, Keys) of
                {_, Value} -> {ok, Value};
                false -> undefined
            end;
        undefined ->
            undefined
    end.

get_all_key() ->
    of_mine(fun get_all_key/1, []).

get_all_key(Application) ->
    call({get_all_key, Application}).

get_application() ->
    call({application_of_leader, group_leader()}).

get_application(Pid) when is_pid(Pid) ->
    case process_info(Pid, group_leader) of
        {group_leader, Leader} -> call({application_of_leader, Leader});
        undefined -> undefined
    end;
get_application(Module) when is_atom(Module) ->
    call({application_of_module, Module}).

get_supervisor(Application) ->
    case call({master, Application}) of
        undefined ->
            undefined;
        Master ->
            case beamrc_application_master:get_child(Master) of
                {Root, _} -> {ok, Root};
                error -> undefined
            end
    end.

start_type() ->
    of_mine(fun(_) -> local end, undefined).

%% Applies a function to the application that the calling process belongs to.
of_mine(Fun, Otherwise) ->
    case get_application() of
        {ok, Application} -> Fun(Application);
        undefined -> Otherwise
    end.

call(Request) ->
    beamrc_applications:call(Request).
