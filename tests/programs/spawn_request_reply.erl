%% A server loop with state and calls that monitor it, gen_server fashion but by hand.
-module(spawn_request_reply).
-export([main/0]).

main() ->
    S = spawn(fun() -> server(#{}) end),
    show([call(S, {put, K, K * K}) || K <- [1, 2, 3]]),
    show([call(S, {get, K}) || K <- [2, 9]]),
    show(call(S, size)),
    show(call(S, stop)),
    show(call(S, size)).

server(State) ->
    receive
        {From, Ref, {put, K, V}} -> From ! {Ref, maps:get(K, State, none)}, server(State#{K => V});
        {From, Ref, {get, K}} -> From ! {Ref, maps:find(K, State)}, server(State);
        {From, Ref, size} -> From ! {Ref, map_size(State)}, server(State);
        {From, Ref, stop} -> From ! {Ref, bye}
    end.

call(Pid, Request) ->
    Ref = monitor(process, Pid),
    Pid ! {self(), Ref, Request},
    receive
        {Ref, Reply} -> demonitor(Ref, [flush]), {ok, Reply};
        {'DOWN', Ref, _, _, Reason} -> {down, Reason}
    after 5000 -> timeout
    end.

show(X) -> io:format("~w~n", [X]).
