%% Closures over every kind of value, nested, returned, stored and called much later.
-module(fun_closures).
-export([main/0]).

main() ->
    Adders = [fun(X) -> X + N end || N <- lists:seq(1, 5)],
    show([F(10) || F <- Adders]),
    Make = fun(A) -> fun(B) -> fun(C) -> {A, B, C} end end end,
    show(((Make(1))([2]))(#{three => 3})),
    Many = many(1, 2.0, three, "four", <<"five">>, {6}, 1 bsl 70, [8]),
    show(Many()),
    Compose = lists:foldl(fun(F, G) -> fun(X) -> F(G(X)) end end, fun(X) -> X end, Adders),
    show(Compose(0)),
    Counter = counter(0),
    {A1, C1} = Counter(),
    {A2, C2} = C1(),
    {A3, _} = C2(),
    show([A1, A2, A3]).

many(A, B, C, D, E, F, G, H) -> fun() -> {H, G, F, E, D, C, B, A} end.

counter(N) -> fun() -> {N, counter(N + 1)} end.

show(X) -> io:format("~w~n", [X]).
