%% An uncaught function_clause: the arguments stand in the first frame.
%% exit: 1
%% stderr: compare
-module(crash_function_clause).
-export([main/0, id/1]).

main() -> 1 + only(id(b), "arg").

only(a, _) -> 1.

id(X) -> X.
