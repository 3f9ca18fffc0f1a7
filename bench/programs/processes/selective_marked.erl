%% Calls with fresh references by a process that has a hundred thousand old messages.
-module(selective_marked).
-export([main/0, run/1, server/0]).

-define(OLD, 100000).

main() -> bench:run(fun ?MODULE:run/1, 1000000).

run(Rounds) ->
    [self() ! {old, I} || I <- lists:seq(1, ?OLD)],
    Server = spawn(?MODULE, server, []),
    Sum = calls(Server, Rounds, 0),
    Server ! stop,
    Sum.

calls(_Server, 0, Sum) -> Sum;
calls(Server, Rounds, Sum) -> calls(Server, Rounds - 1, Sum + call(Server, Rounds)).

call(Server, N) ->
    Reference = make_ref(),
    Server ! {self(), Reference, N},
    receive {Reference, Reply} -> Reply end.

server() ->
    receive
        {From, Reference, N} ->
            From ! {Reference, N + 1},
            server();
        stop ->
            ok
    end.
