%% Improper lists: built, matched, printed and refused where a proper one is needed.
-module(lists_improper).
-export([main/0, id/1]).

main() ->
    L = [1, 2 | id(3)],
    show(L),
    [A | [B | C]] = L,
    show({A, B, C}),
    show([is_list(L), hd(L), tl(tl(L)), L == [1, 2 | 3], [a | b] < [a, b]]),
    show([try length(L) catch E:R -> {E, R} end, try lists:map(fun(X) -> X end, L) catch E2:R2 -> {E2, R2} end, try list_to_tuple(L) catch E3:R3 -> {E3, R3} end]),
    show([[] | []]),
    show([[1 | 2], {[3 | 4]}, #{k => [5 | 6]}]).

show(X) -> io:format("~p ~w~n", [X, X]).

id(X) -> X.
