%% OTP's own lists:sort and keysort, compiled from their beams.
-module(lists_sort).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 30).

run(Rounds) ->
    List = numbers(20000, 29, []),
    Pairs = [{X rem 1000, X} || X <- List],
    lists:foldl(fun(_, _) -> erlang:phash2({lists:sort(List), lists:keysort(1, Pairs)}) end, 0, lists:seq(1, Rounds)).

numbers(0, _, Acc) -> Acc;
numbers(N, X, Acc) -> numbers(N - 1, (X * 1103515245 + 12345) band 16#3fffffff, [X | Acc]).
