%% dict, orddict, sets, ordsets, array, queue and proplists.
-module(stdlib_collections).
-export([main/0]).

main() ->
    D = lists:foldl(fun(N, Acc) -> dict:append(N rem 5, N, Acc) end, dict:new(), lists:seq(1, 20)),
    show(lists:sort(dict:to_list(D))),
    show([dict:size(D), dict:find(3, D), dict:is_key(9, D), dict:fetch(0, dict:map(fun(_, V) -> length(V) end, D))]),
    O = orddict:from_list([{b, 2}, {a, 1}]),
    show([orddict:store(c, 3, O), orddict:update_counter(a, 5, O), orddict:fold(fun(_, V, A) -> V + A end, 0, O)]),
    S1 = sets:from_list([1, 2, 3]),
    S2 = sets:from_list([2, 3, 4], [{version, 2}]),
    show([lists:sort(sets:to_list(sets:union(S1, S2))), lists:sort(sets:to_list(sets:intersection(S1, S2))), sets:is_element(2, S1), sets:size(S2)]),
    show([ordsets:union([1, 3], [2]), ordsets:subtract([1, 2, 3], [2]), ordsets:is_subset([1], [1, 2]), ordsets:add_element(2, [1, 3])]),
    A = array:set(5, five, array:from_list([a, b, c])),
    show([array:size(A), array:get(5, A), array:get(4, A), array:to_list(A), array:sparse_to_list(A), array:foldl(fun(I, _, Acc) -> I + Acc end, 0, A)]),
    Q = queue:in(c, queue:in(b, queue:in(a, queue:new()))),
    {{value, X}, Q2} = queue:out(Q),
    show([X, queue:to_list(Q2), queue:len(Q2), queue:peek_r(Q2), queue:to_list(queue:reverse(Q)), queue:is_empty(Q)]),
    P = [{a, 1}, b, {c, 2}, {a, 3}],
    show([proplists:get_value(a, P), proplists:get_value(b, P), proplists:get_all_values(a, P), proplists:get_bool(b, P), proplists:delete(a, P), proplists:compact(P), proplists:unfold(P), proplists:get_keys([{x, 1}])]).

show(X) -> io:format("~w~n", [X]).
