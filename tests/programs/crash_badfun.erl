%% A call of what is no function.
%% exit: 1
%% stderr: compare
-module(crash_badfun).
-export([main/0, id/1]).

main() -> 1 + (id({not_a, 'fun'}))(1).

id(X) -> X.
