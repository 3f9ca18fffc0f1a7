%% A function with dozens of variables that all live across calls, and a collection in the middle.
-module(calls_many_live).
-export([main/0]).

main() ->
    io:format("~w~n", [f(1)]).

f(S) ->
    A = mk(S), B = mk(A), C = mk(B), D = mk(C), E = mk(D), F = mk(E), G = mk(F), H = mk(G),
    I = mk(H), J = mk(I), K = mk(J), L = mk(K), M = mk(L), N = mk(M), O = mk(N), P = mk(O),
    Q = mk(P), R = mk(Q), T = mk(R), U = mk(T), V = mk(U), W = mk(V), X = mk(W), Y = mk(X),
    _ = lists:sum(lists:seq(1, 200000)),
    lists:map(fun first/1, [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, T, U, V, W, X, Y]).

mk({N, _}) -> mk(N);
mk(N) -> {N + 1, lists:duplicate(N, N)}.

first({N, L}) -> {N, length(L)}.
