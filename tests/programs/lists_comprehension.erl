%% List comprehensions: several generators, filters that fail, patterns that skip, nesting.
-module(lists_comprehension).
-export([main/0]).

main() ->
    show([{X, Y} || X <- [1, 2, 3], Y <- [a, b], X =/= 2]),
    show([X || {ok, X} <- [{ok, 1}, error, {ok, 2}, {no, 3}]]),
    show([X || X <- [1, a, 2.5, "s"], is_number(X), X > 1]),
    show([X || X <- [5, a, 0], 10 div X > 1]),
    show([[X * Y || Y <- lists:seq(1, X)] || X <- lists:seq(1, 4)]),
    show([{A, B, C} || A <- lists:seq(1, 20), B <- lists:seq(A, 20), C <- lists:seq(B, 20), A * A + B * B =:= C * C]),
    show(qsort([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5])),
    show(perms([1, 2, 3])),
    show([Y || X <- [1, 2], Y <- [X * 10, X * 100], begin Z = Y div 10, Z < 20 end]).

qsort([]) -> [];
qsort([P | T]) -> qsort([X || X <- T, X < P]) ++ [P] ++ qsort([X || X <- T, X >= P]).

perms([]) -> [[]];
perms(L) -> [[H | T] || H <- L, T <- perms(L -- [H])].

show(X) -> io:format("~w~n", [X]).
