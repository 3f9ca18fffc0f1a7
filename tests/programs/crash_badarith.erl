%% An uncaught error: the report with its lines, and the exit code.
%% exit: 1
%% stderr: compare
-module(crash_badarith).
-export([main/0]).

main() ->
    1 + divide(list_to_integer("0")),
    ok.

divide(By) -> 7 div By.
