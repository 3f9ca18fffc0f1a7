%% The order of maps: size first, then keys (integers before floats), then values in key order.
-module(compare_maps).
-export([main/0, id/1]).

main() ->
    Maps = [#{}, #{a => 1}, #{a => 2}, #{b => 1}, #{1 => x}, #{1.0 => x}, #{1 => y}, #{a => 1, b => 2}, #{a => 1, b => 3}, #{a => 2, b => 1}, #{2 => a, 1.0 => b}, #{1 => b, 2.0 => a}],
    io:format("~w~n", [[[cmp(id(A), id(B)) || B <- Maps] || A <- Maps]]),
    Big1 = maps:from_list([{N, N} || N <- lists:seq(1, 100)]),
    Big2 = Big1#{50 := 51},
    io:format("~w~n", [[Big1 < Big2, Big1 =:= Big2#{50 := 50}, Big1 > Big2, maps:remove(100, Big1) < Big1, Big1 == maps:map(fun(_, V) -> float(V) end, Big1)]]).

cmp(A, B) when A < B -> l;
cmp(A, B) when A == B -> e;
cmp(_, _) -> g.

id(X) -> X.
