%% utf16 and utf32 segments in both byte orders, surrogate pairs and what is no character.
-module(bin_utf16_utf32).
-export([main/0, id/1]).

main() ->
    Codes = [0, 65, 2047, 55295, 57344, 65535, 65536, 1114111],
    [io:format("~w~n", [[<<(id(C))/utf16>>, <<(id(C))/utf16-little>>, <<(id(C))/utf32>>, <<(id(C))/utf32-little>>]]) || C <- Codes],
    io:format("~w~n", [d16(<< <<C/utf16>> || C <- Codes >>)]),
    io:format("~w~n", [d16l(<< <<C/utf16-little>> || C <- Codes >>)]),
    io:format("~w~n", [d32(<< <<C/utf32>> || C <- Codes >>)]),
    io:format("~w~n", [d32l(<< <<C/utf32-little>> || C <- Codes >>)]),
    [io:format("~w ~w ~w~n", [B, d16(B), d32(B)]) || B <- [<<216, 0>>, <<216, 0, 0, 65>>, <<220, 0, 0, 0>>, <<0>>, <<0, 16, 255, 255>>, <<0, 17, 0, 0>>, <<0, 0, 216, 0>>]],
    [io:format("~w~n", [try <<(id(C))/utf16>> catch K:R -> {K, R} end]) || C <- [55296, 1114112, a]],
    [io:format("~w~n", [try <<(id(C))/utf32>> catch K:R -> {K, R} end]) || C <- [57343, -1, <<>>]],
    <<_/utf16, A/bits>> = id(<<65/utf16, 1>>),
    <<_/utf32, B/bits>> = id(<<65/utf32, 2>>),
    io:format("~w ~w~n", [A, B]).

d16(<<C/utf16, R/bits>>) -> [C | d16(R)];
d16(R) -> R.

d16l(<<C/utf16-little, R/bits>>) -> [C | d16l(R)];
d16l(R) -> R.

d32(<<C/utf32, R/bits>>) -> [C | d32(R)];
d32(R) -> R.

d32l(<<C/utf32-little, R/bits>>) -> [C | d32l(R)];
d32l(R) -> R.

id(X) -> X.
