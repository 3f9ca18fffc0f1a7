%% A guard that fails in one alternative must not stop the next, nor leave anything behind.
-module(guard_failures).
-export([main/0, id/1]).

main() ->
    show([f(id(X)) || X <- [[], [1], {a}, a, 5, #{k => v}, <<1>>]]),
    show([if hd(X) =:= 1 -> head; element(1, X) =:= a -> first; map_get(k, X) =:= v -> key; true -> none end || X <- [[1], {a}, #{k => v}, #{}, [], 7]]),
    show([try element(id(3), {1, 2}) catch C:R -> {C, R} end, try hd(id([])) catch C2:R2 -> {C2, R2} end, try map_get(x, id(#{})) catch C3:R3 -> {C3, R3} end]).

f(X) when hd(X) > 0; tl(X) =:= [] -> list;
f(X) when element(2, X) =:= a; element(1, X) =:= a -> tuple;
f(X) when length(X) + 1 =:= 1 -> empty;
f(X) when X + 1 =:= 6 -> five;
f(X) when map_size(X) =:= 1, is_map_key(k, X) -> map;
f(X) when size(X) =:= 1 -> sized;
f(_) -> none.

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
