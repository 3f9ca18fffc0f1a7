%% The maps module over small and large maps, with results put in order.
-module(maps_functions).
-export([main/0, id/1]).

main() ->
    [run(maps:from_list([{N, N * 2} || N <- lists:seq(1, Size)])) || Size <- [0, 3, 32, 33, 200]],
    show(try maps:map(fun(_, V) -> V end, id(a)) catch C:R -> {C, R} end),
    show(try maps:merge(#{}, id(a)) catch C2:R2 -> {C2, R2} end),
    show(try maps:from_list(id([{a, 1}, b])) catch C3:R3 -> {C3, R3} end),
    show(maps:groups_from_list(fun(X) -> X rem 3 end, lists:seq(1, 10))),
    show(maps:from_keys([3, 1, 2], x)),
    show(maps:update_with(1, fun(V) -> V + 1 end, #{1 => 1})),
    show(maps:update_with(2, fun(V) -> V + 1 end, init, #{1 => 1})),
    show(try maps:update(id(9), x, #{1 => 1}) catch C4:R4 -> {C4, R4} end).

run(M) ->
    show(map_size(maps:filter(fun(K, _) -> K rem 2 =:= 0 end, M))),
    show(maps:fold(fun(K, V, Acc) -> K + V + Acc end, 0, M)),
    show(lists:sum(maps:values(maps:map(fun(K, V) -> V - K end, M)))),
    show(map_size(maps:merge(M, #{1 => one, 1000 => x}))),
    show(lists:sort(maps:to_list(maps:with([1, 2, 500], M)))),
    show(map_size(maps:without([1, 2, 500], M))),
    show(lists:sort(iterate(maps:next(maps:iterator(M)), []))  =:= lists:sort(maps:to_list(M))),
    show(map_size(maps:intersect(M, #{2 => a, 31 => b}))),
    show(map_size(maps:filtermap(fun(K, V) when K > 30 -> {true, {K, V}}; (K, _) -> K =:= 1 end, M))),
    show(lists:sort(maps:to_list(maps:merge_with(fun(_, A, B) -> {A, B} end, maps:with([1, 2], M), #{2 => b})))).

iterate(none, Acc) -> Acc;
iterate({K, V, I}, Acc) -> iterate(maps:next(I), [{K, V} | Acc]).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
