%% Code after aggressive inlining, where one function holds many.
%% erlc: +inline +inline_list_funcs +{inline_size,200}
-module(opcode_inlined).
-export([main/0]).

main() ->
    io:format("~w~n", [lists:foldl(fun(X, A) -> add(mul(X, 2), A) end, 0, lists:seq(1, 100))]),
    io:format("~w~n", [lists:map(fun(X) -> sign(X) end, [-1, 0, 1.5])]),
    io:format("~w~n", [[Y || X <- [1, 2, 3], Y <- twice(X), Y > 2]]).

add(A, B) -> A + B.

mul(A, B) -> A * B.

sign(X) when X < 0 -> negative;
sign(X) when X > 0 -> positive;
sign(_) -> zero.

twice(X) -> [X, mul(X, 2)].
