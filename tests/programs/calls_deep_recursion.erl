%% Body recursion a million deep, with live values in every frame.
-module(calls_deep_recursion).
-export([main/0]).

main() ->
    io:format("~w~n", [length(build(1000000))]),
    io:format("~w~n", [sum(lists:seq(1, 1000000))]),
    io:format("~w~n", [depth(tree(16))]),
    io:format("~w~n", [ack(2, 300)]),
    io:format("~w~n", [lists:foldr(fun(X, Acc) -> X - Acc end, 0, lists:seq(1, 300001))]).

build(0) -> [];
build(N) -> [N | build(N - 1)].

sum([]) -> 0;
sum([H | T]) -> H + sum(T).

tree(0) -> leaf;
tree(N) -> {tree(N - 1), N, tree(N - 1)}.

depth(leaf) -> 0;
depth({L, _, R}) -> 1 + max(depth(L), depth(R)).

ack(0, N) -> N + 1;
ack(M, 0) -> ack(M - 1, 1);
ack(M, N) -> ack(M - 1, ack(M, N - 1)).
