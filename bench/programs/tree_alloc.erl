%% Allocation and collection: complete binary trees built, walked and dropped.
-module(tree_alloc).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 36).

run(Rounds) ->
    Long = tree(17),
    [check(Long) + lists:sum([check(tree(Depth)) || Depth <- [12, 13, 14, 15, 16]]) || _ <- lists:seq(1, Rounds)].

tree(0) -> {leaf, leaf};
tree(Depth) -> {tree(Depth - 1), tree(Depth - 1)}.

check({leaf, leaf}) -> 1;
check({Left, Right}) -> 1 + check(Left) + check(Right).
