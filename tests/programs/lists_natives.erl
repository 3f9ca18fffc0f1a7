%% The natives of the lists module: reverse, member and the key functions, with 1 and 1.0 as keys.
-module(lists_natives).
-export([main/0, id/1]).

main() ->
    Pairs = [{a, 1}, {b, 2}, {1, c}, {1.0, d}, {c, 3, x}, not_a_tuple, {}],
    show([lists:keyfind(K, 1, Pairs) || K <- [a, c, 1, 1.0, z]]),
    show([lists:keymember(K, 2, Pairs) || K <- [1, 2.0, 3, c, z]]),
    show([lists:keysearch(K, 1, Pairs) || K <- [b, 1.0, q]]),
    show([lists:member(X, [1, 2.0, a, "s"]) || X <- [1, 1.0, 2, 2.0, "s", b]]),
    show([lists:reverse([1, 2, 3]), lists:reverse([1, 2], [3]), lists:reverse([1], tail), lists:reverse([])]),
    show([length(lists:reverse(lists:seq(1, 100000)))]),
    show([try F() catch C:R -> {C, R} end || F <- [fun() -> lists:reverse(id(a)) end, fun() -> lists:reverse(id([1 | 2])) end, fun() -> lists:member(x, id([1 | 2])) end, fun() -> lists:keyfind(x, id(0), []) end, fun() -> lists:keyfind(x, 1, id([1 | 2])) end]]).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
