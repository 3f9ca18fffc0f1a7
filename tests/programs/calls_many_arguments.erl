%% Calls and tail calls with so many arguments that they do not fit in machine registers.
-module(calls_many_arguments).
-export([main/0]).

main() ->
    io:format("~w~n", [f20(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)]),
    io:format("~w~n", [rotate(13, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]),
    io:format("~w~n", [even(1001, a, b, c, d, e, f, g, h)]),
    F = fun(A, B, C, D, E, G, H, I, J, K) -> [K, J, I, H, G, E, D, C, B, A] end,
    io:format("~w~n", [F(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]).

f20(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T) ->
    X = lists:sum([A, B, C, D, E]),
    {X, [F, G, H, I, J], {K, L, M, N, O}, P * Q - R, S + T}.

rotate(0, A, B, C, D, E, F, G, H, I, J) -> {A, B, C, D, E, F, G, H, I, J};
rotate(N, A, B, C, D, E, F, G, H, I, J) -> rotate(N - 1, B, C, D, E, F, G, H, I, J, A).

even(0, A, B, C, D, E, F, G, H) -> {even, A, B, C, D, E, F, G, H};
even(N, A, B, C, D, E, F, G, H) -> odd(N - 1, H, A, B, C, D, E, F, G, N).

odd(0, A, B, C, D, E, F, G, H, N) -> {odd, A, B, C, D, E, F, G, H, N};
odd(N, A, B, C, D, E, F, G, H, _) -> even(N - 1, B, A, D, C, F, E, H, G).
