%% The timer server is no child of a supervisor of the kernel.
-module(timer).

-export([do_start/0]).

do_start() ->
    beamrc_kernel:timer_server(),
    {ok, whereis(timer_server)}.
