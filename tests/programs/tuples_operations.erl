%% element, setelement, make, append, insert, delete and conversion of tuples, with their errors.
-module(tuples_operations).
-export([main/0, id/1]).

main() ->
    T = id({a, b, c}),
    show([element(2, T), setelement(2, T, x), tuple_size(T), size(T), tuple_to_list(T), list_to_tuple([1, 2])]),
    show([erlang:append_element(T, d), erlang:insert_element(1, T, z), erlang:delete_element(3, T)]),
    show([erlang:make_tuple(3, x), erlang:make_tuple(4, [], [{2, b}, {4, d}])]),
    T2 = setelement(1, setelement(2, setelement(3, T, 3), 2), 1),
    show({T, T2}),
    [show(try F() catch C:R -> {C, R} end) || F <- [fun() -> element(id(4), T) end, fun() -> element(0, T) end, fun() -> setelement(4, T, x) end, fun() -> element(a, T) end, fun() -> erlang:delete_element(4, T) end, fun() -> erlang:insert_element(5, T, x) end, fun() -> list_to_tuple(id([1 | 2])) end, fun() -> tuple_size(id([])) end]],
    Big = list_to_tuple(lists:seq(1, 100000)),
    show([element(100000, Big), tuple_size(setelement(50000, Big, x)), erlang:phash2(Big)]).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
