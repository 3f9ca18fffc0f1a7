%% The total order over one value of every kind of term.
-module(compare_order_kinds).
-export([main/0, id/1]).

main() ->
    Terms = [1, -1, 1.5, 1 bsl 70, a, b, 'Z', {}, {1}, {1, 2}, {a}, #{}, #{a => 1}, #{b => 0}, [], [1], [1, 2], [a | b], "abc", <<>>, <<"a">>, <<"ab">>, <<1:3>>, fun lists:map/2],
    Sorted = lists:sort(Terms),
    io:format("~p~n", [Sorted]),
    [[io:format("~w", [cmp(id(A), id(B))]) || B <- Sorted] || A <- Sorted],
    io:nl().

cmp(A, B) when A < B -> 0;
cmp(A, B) when A > B -> 2;
cmp(A, B) when A == B -> 1.

id(X) -> X.
