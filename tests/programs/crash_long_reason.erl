%% A reason so large that the report has to cut it.
%% exit: 1
-module(crash_long_reason).
-export([main/0]).

main() -> error(lists:seq(1, 2000)).
