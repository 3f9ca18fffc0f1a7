%% Who called init:stop/1 goes on until its turn comes. (erl 29 may cut it off sooner.)
%% otp: 25-27
%% exit: 9
-module(stop_goes_on).
-export([main/0]).

main() ->
    io:format("~w~n", [init:stop(9)]),
    receive after infinity -> ok end.
