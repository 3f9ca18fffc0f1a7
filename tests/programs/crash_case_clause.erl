%% An uncaught case_clause out of a function two calls deep.
%% exit: 1
%% stderr: compare
-module(crash_case_clause).
-export([main/0, id/1]).

main() -> 1 + pick(id([x])).

pick(X) -> 1 + choose(X).

choose(X) -> case X of a -> 1; b -> 2 end.

id(X) -> X.
