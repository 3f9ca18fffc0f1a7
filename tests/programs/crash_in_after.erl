%% An exception in after replaces the one on its way.
%% exit: 1
%% stderr: compare
-module(crash_in_after).
-export([main/0]).

main() ->
    try error(first)
    after error(second)
    end.
