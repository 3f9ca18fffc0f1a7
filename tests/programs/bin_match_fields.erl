%% Fixed integers of many widths, orders and signs that are matched together, at every bit offset.
-module(bin_match_fields).
-export([main/0]).

main() ->
    Bytes = << <<((N * 167 + 13) band 255)>> || N <- lists:seq(1, 40) >>,
    Large = <<Bytes/binary, Bytes/binary, Bytes/binary>>,
    [print(Source, Skip) || Source <- [Bytes, Large], Skip <- lists:seq(0, 17)],
    [io:format("~p ~p ~p~n", [short(Bits), ends(Bits), constants(Bits)]) || Bits <- shorts(Bytes)].

print(Source, Skip) ->
    <<_:Skip, Rest/bits>> = Source,
    io:format("~p~n", [{Skip, bytes(Rest), mixed(Rest), little(Rest), signed(Rest), wide(Rest), skips(Rest), at(Source, Skip)}]).

bytes(<<A, B, C, D, E, F, G, H, _/bits>>) -> [A, B, C, D, E, F, G, H].

mixed(<<A:1, B:3, C:12, D:7, E:33, F:5, G:4, H:17, _/bits>>) -> [A, B, C, D, E, F, G, H].

little(<<A:16/little, B:8, C:24/little, D:32/little, E:40/little, F:56/little, G:48/little, _/bits>>) ->
    [A, B, C, D, E, F, G].

signed(<<A:8/signed, B:16/signed-little, C:3/signed, D:24/signed, E:13/signed, F:57/signed, G:32/signed-little,
         H:56/signed-little, _/bits>>) ->
    [A, B, C, D, E, F, G, H].

wide(<<A:57, B:58, C:59/signed, D:60, E:61, F:64, G:64/signed-little, H:65, I:58/little, J:12/little, _/bits>>) ->
    [A, B, C, D, E, F, G, H, I, J];
wide(_) -> too_short.

skips(<<_:5, A:3, _:9, B:8, _:40, C:16, _:8, D:24/little, _/bits>>) -> [A, B, C, D].

%% The position within the source stays that of the whole.
at(Source, Skip) ->
    <<_:Skip, A:9, B:2/binary, C:7, D:16/little, E/bits>> = Source,
    {A, B, C, D, bit_size(E), byte_size(E)}.

shorts(Bytes) ->
    [begin <<Bits:Size/bits, _/bits>> = Bytes, Bits end || Size <- [0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 31, 32, 33, 64]].

short(<<A:8, B:8/signed>>) -> {two, A, B};
short(<<A:4, B:4>>) -> {halves, A, B};
short(<<A:9>>) -> {nine, A};
short(<<A:32/little>>) -> {word, A};
short(<<>>) -> empty;
short(<<A:1, Rest/bits>>) -> {bit, A, Rest}.

ends(<<A:24, Rest/binary>>) -> {A, Rest};
ends(<<A:7, Rest/bits>>) -> {A, bit_size(Rest)};
ends(Other) -> Other.

constants(<<180:8, 91:8, Rest/bits>>) -> {1, Rest};
constants(<<180:8, 2:4, 11:4, Rest/bits>>) -> {2, Rest};
constants(<<11:4, 4:4, 2:4, A:3, Rest/bits>>) -> {3, A, Rest};
constants(<<5:3, A:5, Rest/bits>>) -> {4, A, Rest};
constants(<<A:1>>) -> {5, A};
constants(_) -> none.
