%% Integers to text and back in every base, with the errors of text that is no integer.
-module(integer_text).
-export([main/0, id/1]).

main() ->
    Numbers = [0, 1, -1, 255, -255, 1 bsl 59, 1 bsl 100, -(1 bsl 100)],
    [io:format("~s~n", [[integer_to_list(id(N), B) ++ " " || B <- [2, 8, 10, 16, 36]]]) || N <- Numbers],
    [true = list_to_integer(integer_to_list(N, B), B) =:= N || N <- Numbers, B <- lists:seq(2, 36)],
    [true = binary_to_integer(integer_to_binary(N, B), B) =:= N || N <- Numbers, B <- lists:seq(2, 36)],
    io:format("~w~n", [[list_to_integer("+12"), list_to_integer("-0"), binary_to_integer(<<"007">>), list_to_integer("fF", 16)]]),
    [io:format("~p: ~p~n", [T, try list_to_integer(id(T)) catch C:R -> {C, R} end]) || T <- ["", "-", "1a", " 1", "1 ", "1.0", a, [300]]],
    [io:format("~p: ~p~n", [T, try binary_to_integer(id(T)) catch C:R -> {C, R} end]) || T <- [<<>>, <<"+">>, <<"--1">>, <<"12", 3:4>>, 7]],
    io:format("~p~n", [string:to_integer("12abc")]),
    io:format("~p~n", [string:to_integer("abc")]).

id(X) -> X.
