%% The file server is there when it is first asked.
-module(file).

-export([call/2]).

call(Command, Args) when is_list(Args) ->
    beamrc_kernel:file_server(),
    gen_server:call(file_server_2, list_to_tuple([Command | Args]), infinity).
