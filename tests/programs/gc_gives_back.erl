%% A process that is asked to collect does not keep the room that its garbage took.
-module(gc_gives_back).
-export([main/0]).

main() ->
    [shows(Count) || Count <- [1000, 50000, 500000]],
    Mine = lists:seq(1, 50000),
    io:format("~p~n", [lists:sum(Mine)]),
    erlang:garbage_collect(),
    {total_heap_size, Words} = process_info(self(), total_heap_size),
    io:format("~p~n", [Words < 50000]).

shows(Count) ->
    Server = spawn_link(fun server/0),
    Server ! {self(), lists:duplicate(Count, 0)},
    receive {Server, Count} -> ok end,
    true = erlang:garbage_collect(Server),
    {total_heap_size, Words} = process_info(Server, total_heap_size),
    io:format("~p ~p~n", [Count, Words < 5000]).

server() ->
    receive
        {From, List} ->
            From ! {self(), length(List)},
            server()
    end.
