%% A BIF's badarg with its arguments in the first frame.
%% exit: 1
%% stderr: compare
-module(crash_bad_argument).
-export([main/0, id/1]).

main() -> [1 | atom_to_list(id("no atom"))].

id(X) -> X.
