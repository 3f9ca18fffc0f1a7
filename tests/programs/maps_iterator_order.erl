%% maps:iterator/2 visits keys in the order asked for.
%% otp: 26+
-module(maps_iterator_order).
-export([main/0]).

main() ->
    M = maps:from_list([{K, K} || K <- [b, a, 3, 1.5, "s", {t}, c, 2]]),
    show(maps:to_list(maps:iterator(M, ordered))),
    show(maps:to_list(maps:iterator(M, reversed))),
    show(maps:keys(maps:from_list(maps:to_list(maps:iterator(#{1 => a, 2 => b}, fun(A, B) -> A >= B end))))),
    Big = maps:from_list([{K, K} || K <- lists:seq(1, 100)]),
    show(maps:to_list(maps:iterator(Big, ordered)) =:= [{K, K} || K <- lists:seq(1, 100)]),
    io:format("~kp~n", [#{b => 1, a => 2, c => 3}]).

show(X) -> io:format("~p~n", [X]).
