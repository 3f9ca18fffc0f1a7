%% halt in another process ends the program while the first one waits.
%% exit: 5
-module(halt_from_process).
-export([main/0]).

main() ->
    spawn(fun() -> halt(5) end),
    receive after infinity -> ok end.
