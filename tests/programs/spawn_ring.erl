%% A token through a ring of processes.
-module(spawn_ring).
-export([main/0]).

main() ->
    N = 200,
    First = lists:foldl(fun(_, Next) -> spawn(fun() -> forward(Next) end) end, self(), lists:seq(1, N)),
    First ! {token, 0},
    io:format("~w~n", [rounds(First, 50)]).

forward(Next) ->
    receive
        {token, K} -> Next ! {token, K + 1}, forward(Next);
        stop -> Next ! stop
    end.

rounds(First, 0) ->
    receive {token, K} -> First ! stop, receive stop -> K end end;
rounds(First, Left) ->
    receive {token, K} -> First ! {token, K}, rounds(First, Left - 1) end.
