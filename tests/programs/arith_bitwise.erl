%% band, bor, bxor and bnot as two's complement on small, big and negative operands.
-module(arith_bitwise).
-export([main/0, id/1]).

main() ->
    Numbers = [0, 1, -1, 255, -256, 1 bsl 59, -(1 bsl 59), (1 bsl 64) - 1, -(1 bsl 64), -(1 bsl 64) - 1, (1 bsl 130) + 5, -((1 bsl 130) + 5)],
    [io:format("~w~n", [[id(A) band id(B), id(A) bor id(B), id(A) bxor id(B)]]) || A <- Numbers, B <- Numbers],
    io:format("~w~n", [[bnot id(N) || N <- Numbers]]),
    [true = ((id(A) bxor id(B)) bxor id(B)) =:= A || A <- Numbers, B <- Numbers],
    io:format("~w~n", [16#ff band id(16#1234)]).

id(X) -> X.
