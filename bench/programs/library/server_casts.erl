%% Casts to a gen_server, with a call now and then so that its queue stays short.
-module(server_casts).
-behaviour(gen_server).
-export([main/0, run/1, init/1, handle_call/3, handle_cast/2]).

main() -> bench:run(fun ?MODULE:run/1, 1000000).

run(Rounds) ->
    {ok, Server} = gen_server:start_link(?MODULE, 0, []),
    casts(Server, Rounds),
    Sum = gen_server:call(Server, total),
    gen_server:stop(Server),
    Sum.

casts(_Server, 0) -> ok;
casts(Server, Rounds) when Rounds rem 100 =:= 0 ->
    _ = gen_server:call(Server, total),
    cast(Server, Rounds);
casts(Server, Rounds) -> cast(Server, Rounds).

cast(Server, Rounds) ->
    gen_server:cast(Server, {add, Rounds}),
    casts(Server, Rounds - 1).

init(Total) -> {ok, Total}.

handle_call(total, _From, Total) -> {reply, Total, Total}.

handle_cast({add, N}, Total) -> {noreply, Total + N}.
