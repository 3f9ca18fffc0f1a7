%% iolists of every shape to binaries, their sizes, and what is no iolist.
-module(bin_iolist).
-export([main/0, id/1]).

main() ->
    Lists = [[], "abc", [1, [2, [3 | <<4>>]]], [<<"a">>, $b | <<"c">>], [[[[]]], <<>>], <<"x">>, [<<1, 2>> | [3]], lists:duplicate(1000, [<<"ab">>, $c])],
    [io:format("~w ~w~n", [iolist_size(L), erlang:phash2(iolist_to_binary(L))]) || L <- Lists],
    Bad = [a, [a], [256], [-1], [1 | 2], [<<1:3>>], 1, {}, [[1], [b | <<>>]]],
    [io:format("~w ~w ~w~n", [B, try iolist_to_binary(id(B)) catch C:R -> {C, R} end, try iolist_size(id(B)) catch C:R -> {C, R} end]) || B <- Bad],
    io:format("~w~n", [list_to_bitstring([1, <<2:3>>, [<<5:5>>, 255]])]),
    io:format("~w~n", [iolist_to_binary(erlang:iolist_to_iovec([<<"a">>, [$b, <<"c">>]]))]),
    io:format("~w~n", [[list_to_binary([]), list_to_binary([1, [2]]), binary_to_list(<<1, 2, 3, 4>>, 2, 3)]]).

id(X) -> X.
