%% Tuples told apart by arity, by tag and by both, with wrong sizes falling through.
-module(select_tuple_arity).
-export([main/0]).

main() ->
    Tuples = [{}, {a}, {a, 1}, {b, 1}, {a, 1, 2}, {c, 1, 2}, {point, 3, 4}, {1, 2, 3, 4}, list_to_tuple(lists:seq(1, 300)), not_a_tuple, [a]],
    [io:format("~w ~w~n", [arity(T), tagged(T)]) || T <- Tuples].

arity({}) -> zero;
arity({_}) -> one;
arity({_, _}) -> two;
arity({_, _, _}) -> three;
arity(T) when is_tuple(T), tuple_size(T) > 100 -> {large, element(300, T)};
arity(T) when is_tuple(T) -> {other, tuple_size(T)};
arity(_) -> none.

tagged({a, X}) -> {a2, X};
tagged({a, X, Y}) -> {a3, X, Y};
tagged({point, X, Y}) when X * X + Y * Y =:= 25 -> on_circle;
tagged({b, _}) -> b;
tagged({Tag, _, _}) -> Tag;
tagged(_) -> none.
