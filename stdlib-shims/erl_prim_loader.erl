%% There is no process that loads: whoever asks for a file reads it.
-module(erl_prim_loader).

-export([get_loader_config/0]).

get_loader_config() ->
    {efile, undefined}.
