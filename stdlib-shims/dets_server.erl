%% The server of dets is no child of a supervisor of the kernel.
-module(dets_server).

-export([ensure_started/0]).

ensure_started() ->
    beamrc_kernel:dets().
