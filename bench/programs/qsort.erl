%% Partition by comprehensions: quicksort of pseudo-random numbers.
-module(qsort).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 60).

run(Rounds) ->
    List = numbers(20000, 17, []),
    lists:foldl(fun(_, _) -> erlang:phash2(qsort(List)) end, 0, lists:seq(1, Rounds)).

qsort([]) -> [];
qsort([P | T]) -> qsort([X || X <- T, X < P]) ++ [P | qsort([X || X <- T, X >= P])].

numbers(0, _, Acc) -> Acc;
numbers(N, X, Acc) -> numbers(N - 1, (X * 1103515245 + 12345) band 16#3fffffff, [X | Acc]).
