%% exit with a term as reason.
%% exit: 1
%% stderr: compare
-module(crash_exit_term).
-export([main/0]).

main() -> exit({some, "reason", [1]}).
