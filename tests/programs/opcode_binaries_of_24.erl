%% Bit strings built with the instructions from before bs_create_bin: sizes summed, then filled.
%% otp: 25
%% erlc: +r24
-module(opcode_binaries_of_24).
-export([main/0, fields/4, bits/2, sized/3, text/1, appended/2, joined/1]).

main() ->
    io:format("~w~n", [fields(300, <<"abc">>, 1.5, -2)]),
    io:format("~w ~w~n", [bits(5, 3), bits(-1, 70)]),
    io:format("~w~n", [sized(<<"abcdef">>, 3, 12)]),
    io:format("~w ~w~n", [text($a), text(16#10ffff)]),
    io:format("~w~n", [appended(<<1, 2>>, 10)]),
    io:format("~w~n", [joined([<<"a">>, <<"bc">>, <<>>])]),
    [io:format("~w~n", [catch reason(F)]) || F <- failures()].

fields(A, B, C, D) -> <<A:16, B/binary, C/float, C:32/float-little, D:24/little-signed, "text", D:8>>.

bits(A, Size) -> <<A:Size, 1:1, A:7>>.

sized(Bin, Bytes, Bits) -> <<Bin:Bytes/binary, Bin:Bits/bits, 255:(Bits * 2), Bin/binary-unit:4>>.

text(C) -> {<<C/utf8>>, <<C/utf16, C/little-utf16>>, <<C/utf32, C/utf8, "é"/utf8>>}.

appended(Bin, 0) -> Bin;
appended(Bin, N) -> appended(<<Bin/binary, N, N:4, 0:4>>, N - 1).

joined(Bins) -> {<<<<B/binary, $;>> || B <- Bins>>, <<<<(byte_size(B)):3>> || B <- Bins>>}.

failures() ->
    [
        fun() -> fields(a, <<>>, 1.0, 0) end,
        fun() -> fields(1, a, 1.0, 0) end,
        fun() -> fields(1, <<>>, a, 0) end,
        fun() -> bits(1, -1) end,
        fun() -> bits(1, a) end,
        fun() -> sized(<<"abc">>, 4, 0) end,
        fun() -> text(16#d800) end,
        fun() -> text(-1) end,
        fun() -> appended(a, 1) end,
        fun() -> joined([<<1:1>>]) end
    ].

reason(F) ->
    try F() catch Class:Reason -> {Class, Reason} end.
