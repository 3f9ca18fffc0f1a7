%% sort, usort, keysort, merge and sort/2 with their stability, on lists long enough to matter.
-module(lists_sorting).
-export([main/0]).

main() ->
    L = pseudo_random(2000, 42, []),
    S = lists:sort(L),
    show([length(S), ordered(S), lists:sublist(S, 5), erlang:phash2(S)]),
    show([length(lists:usort(L)), erlang:phash2(lists:usort(L))]),
    show(lists:sort(fun(A, B) -> A rem 7 =< B rem 7 end, lists:sublist(L, 20))),
    T = [{N rem 5, N} || N <- lists:sublist(L, 30)],
    show(lists:keysort(1, T)),
    show(lists:ukeysort(1, T)),
    show(lists:merge([1, 3, 5], [2, 4, 6])),
    show(lists:umerge([1, 2, 3], [2, 3, 4])),
    show(lists:merge(fun(A, B) -> A >= B end, [5, 3, 1], [4, 2])),
    show(lists:keymerge(1, [{1, a}, {3, b}], [{1, c}, {2, d}])),
    show(lists:sort([b, 1, 2.0, "x", <<"y">>, {}, [], 1.0, 2])),
    show(lists:sort(fun(_, _) -> true end, [3, 1, 2])),
    show(lists:sort(fun(_, _) -> false end, [3, 1, 2])),
    show([lists:sort([]), lists:sort([x]), lists:usort([1, 1.0, 1])]).

pseudo_random(0, _, Acc) -> Acc;
pseudo_random(N, X, Acc) -> pseudo_random(N - 1, (X * 1103515245 + 12345) band 16#7fffffff, [X rem 1000 | Acc]).

ordered([A, B | T]) -> A =< B andalso ordered([B | T]);
ordered(_) -> true.

show(X) -> io:format("~w~n", [X]).
