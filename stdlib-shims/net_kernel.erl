%% Without distribution every process is one of this node, and no other ever comes or goes.
-module(net_kernel).

-beamrc_uses([{mk_monitor_nodes_error, 2}]).
-export([dflag_unicode_io/1, monitor_nodes/1, monitor_nodes/2]).

dflag_unicode_io(_) ->
    true.

monitor_nodes(Flag) when is_boolean(Flag) ->
    ok;
monitor_nodes(Flag) ->
    net_kernel:mk_monitor_nodes_error(Flag, []).

%% What OTP finds nothing wrong with is right.
monitor_nodes(Flag, Options) ->
    case net_kernel:mk_monitor_nodes_error(Flag, Options) of
        {error, internal_error} -> ok;
        Error -> Error
    end.
