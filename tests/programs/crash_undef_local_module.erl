%% A call of a function that a module of the program does not have.
%% exit: 1
-module(crash_undef_local_module).
-export([main/0, id/1]).

main() -> 1 + (id(lists)):no_such_function("x").

id(X) -> X.
