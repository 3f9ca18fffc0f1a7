%% apply with known and unknown module, function and argument list, as a call and in tail position.
-module(apply_forms).
-export([main/0, id/1, twelve/12]).

main() ->
    show([apply(id(lists), id(reverse), [[1, 2, 3]]), apply(lists, id(nth), [2, [a, b]]), apply(fun(A, B) -> A - B end, [5, 3])]),
    M = id(erlang),
    show([M:abs(-5), M:'+'(1, 2), (id(lists)):max([3, 9, 2])]),
    F = id(sum),
    show([lists:F([1, 2]), ?MODULE:id(x)]),
    show(tail(id(lists), id(sort), [[3, 1, 2]])),
    show(tail_fixed(id(maps), id(size), #{a => 1})),
    show([apply(M, N, A) || {N, A} <- [{length, [[1, 2]]}, {tuple_size, [{}]}, {'++', [[1], [2]]}, {self, []}], N =/= self]),
    show(apply(id(?MODULE), id(twelve), lists:seq(1, 12))),
    show([try apply(id(M2), id(N2), id(A2)) catch C:R -> {C, R} end || {M2, N2, A2} <- [{1, f, []}, {lists, 2, []}, {lists, map, a}, {lists, nofun, [1]}, {lists, seq, [1 | 2]}]]).

tail(M, F, A) -> apply(M, F, A).

tail_fixed(M, F, X) -> M:F(X).

twelve(A, B, C, D, E, F, G, H, I, J, K, L) -> {L, K, J, I, H, G, F, E, D, C, B, A}.

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
