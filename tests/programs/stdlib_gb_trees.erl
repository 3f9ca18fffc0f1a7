%% gb_trees and gb_sets: insert, balance, delete, iterate.
-module(stdlib_gb_trees).
-export([main/0]).

main() ->
    T = lists:foldl(fun(N, Acc) -> gb_trees:enter(N * 37 rem 101, N, Acc) end, gb_trees:empty(), lists:seq(1, 100)),
    show([gb_trees:size(T), gb_trees:get(37, T), gb_trees:lookup(0, T), gb_trees:smallest(T), gb_trees:largest(T)]),
    T2 = lists:foldl(fun gb_trees:delete/2, T, lists:seq(1, 90)),
    show(gb_trees:to_list(gb_trees:balance(T2))),
    show(iterate(gb_trees:next(gb_trees:iterator_from(95, T2)))),
    show(try gb_trees:insert(95, x, T2) catch C:R -> {C, R} end),
    S = gb_sets:from_list([c, a, b, a]),
    show([gb_sets:to_list(S), gb_sets:is_member(b, S), gb_sets:to_list(gb_sets:union(S, gb_sets:from_list([z]))), gb_sets:to_list(gb_sets:subtract(S, gb_sets:from_list([a])))]),
    show([gb_sets:take_smallest(S), gb_sets:fold(fun(X, A) -> [X | A] end, [], S), gb_sets:is_subset(gb_sets:new(), S)]).

iterate(none) -> [];
iterate({K, V, I}) -> [{K, V} | iterate(gb_trees:next(I))].

show(X) -> io:format("~w~n", [X]).
