%% Processes that answer, with closures and terms of every kind copied between heaps.
-module(spawn_messages).
-export([main/0, id/1]).

main() ->
    Echo = spawn(fun Loop() -> receive {From, M} -> From ! {echo, M}, Loop(); stop -> ok end end),
    Terms = [1, 1 bsl 80, 1.5, a, "list", {t, [1]}, #{k => <<"v">>}, <<1:3>>, binary:copy(<<"x">>, 1000), fun(X) -> X end, fun lists:map/2, self(), maps:from_list([{N, N} || N <- lists:seq(1, 50)])],
    [begin Echo ! {self(), T}, receive {echo, R} -> true = R =:= T end end || T <- Terms],
    Echo ! stop,
    Parent = self(),
    Pids = [spawn(fun() -> Parent ! {self(), N * N} end) || N <- lists:seq(1, 100)],
    io:format("~w~n", [lists:sum([receive {P, V} -> V end || P <- Pids])]),
    P2 = spawn(?MODULE, id, [x]),
    io:format("~w~n", [is_pid(P2)]),
    io:format("~w~n", [erlang:send(spawn(fun() -> ok end), message)]).

id(X) -> X.
