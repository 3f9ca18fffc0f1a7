%% The callback module of the applications in these tests.
-module(started).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, prep_stop/1, start_phase/3, init/1]).

start(normal, fail) ->
    {error, refused};
start(normal, Args) ->
    A = persistent_term:get(application_module),
    io:format("start ~p env ~p of ~p~n", [Args, A:get_env(key), A:get_application()]),
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
