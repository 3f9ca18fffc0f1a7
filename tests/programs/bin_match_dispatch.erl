%% One function with many binary clauses: constants, sizes read from the data, and tails.
-module(bin_match_dispatch).
-export([main/0]).

main() ->
    Inputs = [<<1, 2:16, "ab">>, <<2, 3, "abcdef">>, <<"GET /x">>, <<"PUT /y">>, <<"GEX">>, <<>>, <<3, 1.5/float>>, <<4, 5:4, 6:4>>, <<9:3>>, <<5, 0, 0, 0, 2, 7, 8, 9>>, <<6, 200/utf8, "!">>],
    [io:format("~p -> ~p~n", [I, parse(I)]) || I <- Inputs].

parse(<<1, N:16, Rest:N/binary>>) -> {short, N, Rest};
parse(<<2, N, Data:N/bytes, Rest/binary>>) -> {sized, Data, Rest};
parse(<<"GET ", Path/binary>>) -> {get, Path};
parse(<<"PUT ", Path/binary>>) -> {put, Path};
parse(<<"GE", C>>) -> {almost, C};
parse(<<3, F/float>>) -> {float, F};
parse(<<4, A:4, B:4>>) -> {nibbles, A, B};
parse(<<5, N:32, _:N/binary, Last>>) -> {last, Last};
parse(<<6, C/utf8, "!">>) -> {char, C};
parse(<<>>) -> empty;
parse(B) when bit_size(B) < 8 -> {bits, bit_size(B)};
parse(Other) -> {other, Other}.
