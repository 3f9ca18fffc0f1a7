%% What application's functions answer: starting with what is needed, environments, keys, errors.
%% otp: 26+
-module(app_questions).
-behaviour(application).
-behaviour(supervisor).
-export([main/0, start/2, start_phase/3, prep_stop/1, stop/1, init/1]).

main() ->
    logger:set_primary_config(level, none),
    [ok = application:load(Specification) || Specification <- specifications()],
    Calls = [
        {ensure_all_started, [a]},
        {ensure_all_started, [a]},
        {start, [b]},
        {start, [nowhere]},
        {ensure_all_started, [needing]},
        {ensure_all_started, [lost]},
        {start, [needing]},
        {start, [failing]},
        {start, [failing, forever]},
        {get_env, [a, key]},
        {set_env, [a, key, 5]},
        {get_env, [a, key]},
        {get_env, [a, other, default]},
        {get_env, [kernel, no_such_key]},
        {set_env, [not_loaded, key, 1]},
        {get_env, [not_loaded, key]},
        {unset_env, [not_loaded, key]},
        {get_env, [not_loaded, key]},
        {set_env, [[{a, [{one, 1}]}, {b, [{two, 2}]}]]},
        {get_all_env, [b]},
        {set_env, [[{a, [{one, 1}, {one, 2}]}]]},
        {set_env, [[{1, []}]]},
        {set_env, [b, lasting, 3, [{persistent, true}]]},
        {get_key, [b, description]},
        {get_all_key, [b]},
        {get_key, [nowhere, vsn]},
        {get_key, [kernel, mod]},
        {get_application, [started]},
        {load, [hd(specifications())]},
        {load, [{application, "no atom", []}]},
        {load, [{application, odd, [{env, [{key, 1}, {key, 2}]}]}]},
        {load, [{application, odd, [{mod, nothing}]}]},
        {ensure_started, [phased]},
        {ensure_started, [phased]},
        {stop, [phased]},
        {permit, [b, false]},
        {permit, [b, true]},
        {stop, [a]},
        {stop, [a]},
        {unload, [b]},
        {load, [lists:keyfind(b, 2, specifications())]},
        {get_all_env, [b]},
        {unload, [a]},
        {unload, [a]},
        {get_env, [a, key]},
        {get_all_env, [phased]},
        {get_supervisor, [stdlib]},
        {load, [{application, whole, [{included_applications, [part]}]}]},
        {load, [{application, part, []}]},
        {load, [{application, whole, [{included_applications, [part]}]}]},
        {start, [whole]},
        {unload, [whole]},
        {get_key, [part, vsn]}
    ],
    [io:format("~p ~p~n  ~p~n", [Function, Args, answer(Function, Args)]) || {Function, Args} <- Calls],
    io:format("~p~n", [[Name || {Name, _, _} <- application:which_applications()]]),
    io:format("~p~n", [lists:sort([Name || {Name, _, _} <- application:loaded_applications()])]),
    {ok, Supervisor} = application:get_supervisor(kernel),
    io:format("~p~n", [Supervisor =:= whereis(kernel_sup)]),
    io:format("~p~n", [gen_server:call(application_controller, {is_running, stdlib})]).

%% The order of a table's objects is nobody's business.
answer(get_all_env, [Name]) -> lists:sort(application:get_all_env(Name));
answer(get_all_key, [Name]) ->
    case application:get_all_key(Name) of
        {ok, Keys} -> {ok, [{Key, case Key of env -> lists:sort(Value); _ -> Value end} || {Key, Value} <- Keys]};
        undefined -> undefined
    end;
answer(Function, Args) ->
    try
        apply(application, Function, Args)
    catch
        Class:Reason -> {Class, Reason}
    end.

specifications() ->
    [
        {application, a, [
            {vsn, "1.0"},
            {applications, [kernel, stdlib, b]},
            {mod, {?MODULE, [arg]}},
            {env, [{key, 1}]},
            {modules, [started]}
        ]},
        {application, b, [{description, "bee"}, {vsn, "2.0"}, {applications, [kernel, stdlib]}]},
        {application, failing, [{applications, [b]}, {mod, {?MODULE, fail}}]},
        {application, needing, [{applications, [failing]}]},
        {application, lost, [{applications, [nowhere]}]},
        {application, phased, [
            {applications, [b]}, {mod, {?MODULE, phases}}, {start_phases, [{one, 1}, {two, 2}]}
        ]}
    ].

start(normal, fail) ->
    {error, refused};
start(normal, Args) ->
    io:format("start ~p env ~p of ~p ~p~n", [
        Args, application:get_env(key), application:get_application(), application:start_type()
    ]),
    {ok, Pid} = supervisor:start_link(?MODULE, []),
    {ok, Pid, state}.

prep_stop(State) ->
    io:format("prep_stop ~p~n", [State]),
    {State, prepared}.

stop(State) ->
    io:format("stop ~p~n", [State]).

start_phase(Phase, Type, Args) ->
    io:format("phase ~p~n", [{Phase, Type, Args}]).

init([]) ->
    {ok, {#{}, []}}.
