%% Calls of a gen_server by one client.
-module(server_calls).
-behaviour(gen_server).
-export([main/0, run/1, init/1, handle_call/3, handle_cast/2]).

main() -> bench:run(fun ?MODULE:run/1, 1000000).

run(Rounds) ->
    {ok, Server} = gen_server:start_link(?MODULE, 0, []),
    calls(Server, Rounds, 0),
    Sum = gen_server:call(Server, total),
    gen_server:stop(Server),
    Sum.

calls(_Server, 0, Last) -> Last;
calls(Server, Rounds, _) -> calls(Server, Rounds - 1, gen_server:call(Server, {add, Rounds})).

init(Total) -> {ok, Total}.

handle_call({add, N}, _From, Total) -> {reply, Total, Total + N};
handle_call(total, _From, Total) -> {reply, Total, Total}.

handle_cast(_Request, Total) -> {noreply, Total}.
