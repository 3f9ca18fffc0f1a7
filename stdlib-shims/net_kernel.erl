%% Without distribution every process is one of this node.
-module(net_kernel).

-export([dflag_unicode_io/1]).

dflag_unicode_io(_) ->
    true.
