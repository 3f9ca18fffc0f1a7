%% init:stop/1 gives ok, ends orderly, and with the code.
%% exit: 9
-module(stop_with_code).
-export([main/0]).

main() ->
    io:format("before~n"),
    ok = init:stop(9),
    receive after infinity -> ok end.
