%% An uncaught if_clause.
%% exit: 1
%% stderr: compare
-module(crash_if_clause).
-export([main/0, id/1]).

main() ->
    X = id(3),
    if X > 5 -> large; X < 0 -> negative end.

id(X) -> X.
