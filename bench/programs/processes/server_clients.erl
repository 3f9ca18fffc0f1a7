%% Calls of a gen_server by a hundred clients.
-module(server_clients).
-export([main/0, run/1, client/3]).

-define(CLIENTS, 100).

main() -> bench:run(fun ?MODULE:run/1, 10000).

run(Rounds) ->
    {ok, Server} = gen_server:start_link(server_calls, 0, []),
    [spawn(?MODULE, client, [self(), Server, Rounds]) || _ <- lists:seq(1, ?CLIENTS)],
    [receive done -> ok end || _ <- lists:seq(1, ?CLIENTS)],
    Sum = gen_server:call(Server, total),
    gen_server:stop(Server),
    Sum.

client(Parent, _Server, 0) -> Parent ! done;
client(Parent, Server, Rounds) ->
    _ = gen_server:call(Server, {add, Rounds}),
    client(Parent, Server, Rounds - 1).
