%% Sets, ordered sets, balanced trees and dictionaries of stdlib.
-module(sets_and_trees).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 40).

run(Rounds) -> lists:sum([once(N) || N <- lists:seq(1, Rounds)]).

once(N) ->
    Numbers = [X * 7919 rem 10007 || X <- lists:seq(N, N + 2000)],
    Others = [X * 31 rem 10007 || X <- lists:seq(N, N + 2000)],
    sets:size(both(sets, Numbers, Others)) + ordsets:size(both(ordsets, Numbers, Others)) + gb_sets:size(both(gb_sets, Numbers, Others)) + dictionary(Numbers).

both(Module, A, B) ->
    {X, Y} = {Module:from_list(A), Module:from_list(B)},
    Added = lists:foldl(fun Module:add_element/2, Module:union(X, Y), [a, b, {c, d}]),
    Module:subtract(Added, Module:intersection(X, Y)).

dictionary(Numbers) ->
    Dictionary = lists:foldl(fun(X, D) -> dict:update_counter(X rem 100, 1, D) end, dict:new(), Numbers),
    dict:fold(fun(_, Count, Sum) -> Sum + Count end, 0, Dictionary).
