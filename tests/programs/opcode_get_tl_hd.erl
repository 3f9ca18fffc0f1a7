%% Lists taken apart by head only, tail only and both, in nested patterns.
-module(opcode_get_tl_hd).
-export([main/0, id/1]).

main() ->
    L = id([[1, 2, 3], [4, [5, 6]], [{7, [8 | 9]}]]),
    [[_, B | _], [C | _], [{_, [_ | E]}]] = L,
    io:format("~w~n", [{B, C, E, hd(hd(L)), tl(hd(tl(L)))}]),
    io:format("~w~n", [[second(id(X)) || X <- [[1, 2], [1], [], [1 | 2], [1, 2 | 3]]]]),
    io:format("~w~n", [last(id([1, 2, 3]))]).

second([_, X | _]) -> X;
second([_ | T]) -> {tail, T};
second(_) -> none.

last([X]) -> X;
last([_ | T]) -> last(T).

id(X) -> X.
