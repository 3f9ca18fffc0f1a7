%% Skips, unit tests and tails of odd units, which match only where the rest divides evenly.
-module(opcode_bs_skip_test_unit).
-export([main/0]).

main() ->
    [io:format("~w~n", [[unit3(B), unit16(B), skip(B), nibbles(B)]]) || B <- [<<>>, <<1>>, <<1, 2>>, <<1, 2, 3>>, <<1:3>>, <<1:9>>, <<1:12>>, <<1, 2, 3, 4>>]].

unit3(<<X:3, R/binary-unit:3>>) -> {X, bit_size(R)};
unit3(_) -> no.

unit16(<<R/binary-unit:16>>) -> {yes, byte_size(R)};
unit16(_) -> no.

skip(<<_:8, _:4, R/bits>>) -> bit_size(R);
skip(<<_:2/binary, _/binary>>) -> two;
skip(_) -> no.

nibbles(<<X:4, R/bits>>) -> [X | nibbles(R)];
nibbles(<<>>) -> [];
nibbles(R) -> [{rest, bit_size(R)}].
