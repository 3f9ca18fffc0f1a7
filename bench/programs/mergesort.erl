%% Splitting and merging of lists by hand.
-module(mergesort).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 60).

run(Rounds) ->
    List = numbers(20000, 23, []),
    lists:foldl(fun(_, _) -> erlang:phash2(sort(List)) end, 0, lists:seq(1, Rounds)).

sort([]) -> [];
sort([X]) -> [X];
sort(L) ->
    {A, B} = halves(L, [], []),
    merge(sort(A), sort(B)).

halves([X, Y | T], A, B) -> halves(T, [X | A], [Y | B]);
halves([X], A, B) -> {[X | A], B};
halves([], A, B) -> {A, B}.

merge([], B) -> B;
merge(A, []) -> A;
merge([X | A], [Y | _] = B) when X =< Y -> [X | merge(A, B)];
merge(A, [Y | B]) -> [Y | merge(A, B)].

numbers(0, _, Acc) -> Acc;
numbers(N, X, Acc) -> numbers(N - 1, (X * 1103515245 + 12345) band 16#3fffffff, [X | Acc]).
