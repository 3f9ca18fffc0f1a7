%% A call of a function that does not exist anywhere.
%% beamrc: --allow-missing
%% exit: 1
-module(crash_undef).
-export([main/0]).

main() -> 1 + no_such_module:no_such_function(1, two).
