%% ++ and -- with empty, improper, long and repeated operands.
-module(lists_operators).
-export([main/0, id/1]).

main() ->
    show([id([1]) ++ id([2]), id([]) ++ id([]), id([]) ++ id(a), id([1]) ++ id(b), id("ab") ++ "cd"]),
    show([id([1, 2, 3, 2, 1]) -- id([2, 1]), id([1, 1.0]) -- id([1.0]), id([a]) -- id([]), id([]) -- id([a])]),
    show([1, 2] -- ([2] -- [2])),
    L = lists:seq(1, 5000),
    show([length(L -- lists:seq(2, 5000, 2)), L -- L, length(L ++ L)]),
    show([[{K} || K <- [1, 2, 3]] -- [{2}], ["a", <<"b">>] -- [<<"b">>]]),
    show([try F() catch C:R -> {C, R} end || F <- [fun() -> id(a) ++ [] end, fun() -> id([1 | 2]) ++ [3] end, fun() -> id([1 | 2]) -- [1] end, fun() -> id([1]) -- id([1 | 2]) end]]).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
