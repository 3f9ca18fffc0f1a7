%% Lists of millions of elements built, folded, reversed and dropped.
-module(lists_long).
-export([main/0]).

main() ->
    L = lists:seq(1, 2000000),
    io:format("~w ~w~n", [length(L), lists:sum(L)]),
    M = lists:map(fun(X) -> X band 15 end, L),
    io:format("~w ~w~n", [lists:sum(M), hd(lists:reverse(M))]),
    io:format("~w~n", [length(lists:filter(fun(X) -> X =:= 3 end, M))]),
    io:format("~w~n", [lists:foldl(fun(X, {A, B}) -> {A + X, B bxor X} end, {0, 0}, L)]).
