%% Two processes that send each other a tuple in turns.
-module(ping_pong).
-export([main/0, run/1, pong/0]).

main() -> bench:run(fun ?MODULE:run/1, 2000000).

run(Rounds) ->
    Pong = spawn(?MODULE, pong, []),
    Sum = ping(Pong, Rounds, 0),
    Pong ! stop,
    Sum.

ping(_Pong, 0, Sum) -> Sum;
ping(Pong, Rounds, Sum) ->
    Pong ! {ping, self(), Rounds},
    receive {pong, N} -> ping(Pong, Rounds - 1, Sum + N) end.

pong() ->
    receive
        {ping, From, N} ->
            From ! {pong, N + 1},
            pong();
        stop ->
            ok
    end.
