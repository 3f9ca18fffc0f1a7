%% Appending byte by byte to an accumulator, and to a binary that somebody else still holds.
-module(bin_append).
-export([main/0, id/1]).

main() ->
    B = build(0, 100000, <<>>),
    io:format("~w ~w~n", [byte_size(B), erlang:phash2(B)]),
    C = <<B/binary, 1>>,
    D = <<B/binary, 2>>,
    io:format("~w ~w ~w~n", [binary:last(C), binary:last(D), byte_size(B)]),
    E = bits(0, 1000, <<>>),
    io:format("~w ~w~n", [bit_size(E), erlang:phash2(E)]),
    F = <<(id(<<"prefix">>))/binary, "-", B:5/binary, (id(7)):16, (id(<<1:1>>))/bits>>,
    io:format("~w~n", [F]).

build(N, N, Acc) -> Acc;
build(K, N, Acc) -> build(K + 1, N, <<Acc/binary, K:8>>).

bits(N, N, Acc) -> Acc;
bits(K, N, Acc) -> bits(K + 1, N, <<Acc/bits, K:3>>).

id(X) -> X.
