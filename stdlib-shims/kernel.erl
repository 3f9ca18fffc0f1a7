%% The application that runs in every program; its supervisor is there from the start, and starts
%% servers when they are needed.
-module(kernel).

-export([start/2, init/1, config_change/3]).

start(_, []) ->
    {ok, whereis(kernel_sup), []}.

%% No supervisor is started with this module.
init(_) ->
    ignore.

%% Nothing of what its environment configures can change while a program runs.
config_change(_, _, _) ->
    ok.
