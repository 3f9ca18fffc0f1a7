%% The server of disk logs is no child of a supervisor of the kernel.
-module(disk_log_server).

-export([ensure_started/0]).

ensure_started() ->
    beamrc_kernel:disk_log().
