%% init:stop/1 ends orderly with the code; the caller goes on until then. (Under erl 29 it is cut off sooner or later.)
%% otp: 25-27
%% exit: 9
-module(stop_with_code).
-export([main/0]).

main() ->
    io:format("~w~n", [init:stop(9)]),
    receive after infinity -> ok end.
