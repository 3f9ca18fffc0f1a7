%% Funs: made with an environment, passed to map, filter and foldl, and composed.
-module(closures).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 180).

run(Rounds) ->
    List = lists:seq(1, 50000),
    [begin
        Add = fun(X) -> X + Round end,
        Twice = compose(Add, Add),
        L1 = lists:map(Twice, List),
        L2 = lists:filter(fun(X) -> X rem 3 =/= Round rem 3 end, L1),
        lists:foldl(fun(X, {Sum, Count}) -> {Sum + X, Count + 1} end, {0, 0}, L2)
    end || Round <- lists:seq(1, Rounds)].

compose(F, G) -> fun(X) -> F(G(X)) end.
