%% Shifts, masks and exclusive or: a xorshift generator on 58 bits with a population count.
-module(bit_operations).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 6000000).

run(Rounds) -> loop(Rounds, 16#123456789abcdef, 0).

loop(0, X, Count) -> {X, Count};
loop(N, X, Count) ->
    A = X bxor ((X bsl 13) band 16#3ffffffffffffff),
    B = A bxor (A bsr 7),
    C = B bxor ((B bsl 17) band 16#3ffffffffffffff),
    loop(N - 1, C, Count + (C band 1) + ((C bsr 31) band 3)).
