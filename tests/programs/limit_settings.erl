%% Settings that an executable takes from its environment are those that erl takes from its command line.
%% otp: 27+
%% env: BEAMRC_SCHEDULERS=3
%% env: BEAMRC_PROCESSES=2048
%% env: BEAMRC_MIN_HEAP_SIZE=5000
%% erl: +S 3:3 +P 2048 +h 5000
-module(limit_settings).
-export([main/0]).

main() ->
    [io:format("~p ~p~n", [K, erlang:system_info(K)]) || K <- [schedulers, schedulers_online, process_limit, min_heap_size]],
    io:format("~p~n", [process_info(self(), min_heap_size)]),
    Me = self(),
    spawn(fun() -> Me ! process_info(self(), [min_heap_size, heap_size]) end),
    receive [{min_heap_size, Min}, {heap_size, Size}] -> io:format("~p ~p~n", [Min, Size >= Min]) end,
    spawn_opt(fun() -> Me ! process_info(self(), min_heap_size) end, [{min_heap_size, 300}]),
    receive {min_heap_size, Given} -> io:format("~p~n", [Given]) end.
