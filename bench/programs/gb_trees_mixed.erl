%% Balanced trees from OTP's beams: insert, look up and take the smallest.
-module(gb_trees_mixed).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 6).

run(Rounds) -> [round(30000, Round) || Round <- lists:seq(1, Rounds)].

round(Size, Seed) ->
    Tree = lists:foldl(fun(N, T) -> gb_trees:enter(N * 7919 rem 30011 + Seed, N, T) end, gb_trees:empty(), lists:seq(1, Size)),
    drain(Tree, 0, 5000) + lists:sum([gb_trees:get(N * 7919 rem 30011 + Seed, Tree) || N <- lists:seq(1, Size)]).

drain(_, Sum, 0) -> Sum;
drain(Tree, Sum, N) ->
    {Key, _, Rest} = gb_trees:take_smallest(Tree),
    drain(Rest, Sum + Key, N - 1).
