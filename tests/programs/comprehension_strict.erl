%% Strict and zipping generators.
%% otp: 28+
-module(comprehension_strict).
-export([main/0, id/1]).

main() ->
    show([X || {ok, X} <:- [{ok, 1}, {ok, 2}]]),
    show(try [X || {ok, X} <:- id([{ok, 1}, error])] catch C:R -> {C, R} end),
    show([{X, Y} || X <- [1, 2, 3] && Y <- [a, b, c]]),
    show([X + Y + Z || X <- [1, 2] && <<Y>> <= <<10, 20>> && Z <- [100, 200]]),
    show(try [{X, Y} || X <- id([1, 2]) && Y <- id([a])] catch C2:R2 -> {C2, R2} end),
    show(<< <<X>> || <<X:4>> <:= <<16#12>> >>),
    show(#{K => V || K := V <:- #{1 => 2}}).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
