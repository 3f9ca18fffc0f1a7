%% Applications with phases, supervision trees and environments start, stop and are ended by init:stop/1 in order.
%% exit: 4
%% otp: 26+
-module(app_lifecycle).
-behaviour(application).
-behaviour(supervisor).
-export([main/0, start/2, start_phase/3, prep_stop/1, stop/1, init/1, child/1, start_child/1]).

main() ->
    logger:set_primary_config(level, none),
    [show(application:load(specification(Name, Keys))) || {Name, Keys} <- applications()],
    show(application:load(specification(low, []))),
    show(application:start(top)),
    show(application:ensure_all_started(top)),
    show(application:ensure_all_started([top, low])),
    show([Name || {Name, _, _} <- application:which_applications()]),
    show([Name || {Name, _, _} <- lists:sort(application:loaded_applications()), Name =/= kernel, Name =/= stdlib]),
    show([application:get_env(low, size), application:get_env(low, none), application:get_env(low, none, 5)]),
    show(application:get_all_env(low)),
    show([application:set_env(low, size, 11), application:get_env(low, size), application:unset_env(low, size),
        application:get_env(low, size)]),
    show(application:get_key(top, applications)),
    show(application:get_key(top, vsn)),
    show([application:get_application(whereis(low_child)), application:get_application(self()),
        application:get_application(?MODULE)]),
    {ok, Sup} = application:get_supervisor(low),
    show([Id || {Id, _, _, _} <- supervisor:which_children(Sup)]),
    show(application:stop(top)),
    show(application:stop(top)),
    show([Name || {Name, _, _} <- application:which_applications()]),
    show(application:unload(low)),
    show(application:start(broken)),
    show(application:start(unknown)),
    show(application:ensure_all_started(needs_broken)),
    show(application:start(top, transient)),
    show(init:stop(4)),
    receive after infinity -> ok end.

applications() ->
    [
        {low, [{vsn, "1.2"}, {mod, {?MODULE, low}}, {env, [{size, 10}]}, {registered, [low_child]}]},
        {library, [{description, "no processes"}, {modules, [?MODULE]}]},
        {top, [
            {vsn, "3"}, {applications, [kernel, stdlib, low, library]}, {mod, {?MODULE, top}},
            {start_phases, [{first, []}, {second, [a]}]}
        ]},
        {broken, [{mod, {?MODULE, broken}}]},
        {needs_broken, [{applications, [library, broken]}]}
    ].

specification(Name, Keys) ->
    {application, Name, Keys}.

start(Type, broken) ->
    show({start, Type, broken}),
    {error, not_today};
start(Type, Name) ->
    show({start, Type, Name, application:get_application()}),
    {ok, Pid} = supervisor:start_link(?MODULE, Name),
    {ok, Pid, {state, Name}}.

start_phase(Phase, Type, Args) ->
    show({phase, Phase, Type, Args}),
    ok.

prep_stop(State) ->
    show({prep_stop, State, application:get_env(low, size)}),
    {stopping, State}.

stop(State) ->
    show({stop, State}),
    ok.

init(Name) ->
    Child = list_to_atom(atom_to_list(Name) ++ "_child"),
    {ok, {#{}, [#{id => Child, start => {?MODULE, start_child, [Child]}}]}}.

start_child(Name) ->
    {ok, proc_lib:spawn_link(?MODULE, child, [Name])}.

child(Name) ->
    process_flag(trap_exit, true),
    register(Name, self()),
    receive
        {'EXIT', _, Reason} -> show({Name, Reason})
    end.

show(X) -> io:format("~p~n", [X]).
