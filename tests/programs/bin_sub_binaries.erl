%% Parts of a large binary that outlive it, split_binary, binary_part and parts of parts.
-module(bin_sub_binaries).
-export([main/0, id/1]).

main() ->
    Big = binary:copy(<<"0123456789">>, 1000),
    Parts = [binary_part(Big, N * 100, 3) || N <- lists:seq(0, 9)],
    {Left, Right} = split_binary(Big, 4321),
    <<_:7/binary, Middle:10/binary, _/binary>> = Right,
    io:format("~p ~w ~w ~p~n", [Parts, byte_size(Left), byte_size(Right), Middle]),
    io:format("~p ~p~n", [binary_part(Middle, {10, -3}), binary:part(Middle, 2, 0)]),
    [io:format("~w~n", [try binary_part(id(<<"abc">>), P, L) catch C:R -> {C, R} end]) || {P, L} <- [{0, 4}, {-1, 1}, {3, 0}, {3, -3}, {4, 0}, {a, 1}, {1, -2}]],
    [io:format("~w~n", [try split_binary(id(<<"abc">>), P) catch C:R -> {C, R} end]) || P <- [0, 3, 4, -1, a]],
    io:format("~w~n", [[binary:referenced_byte_size(Middle) >= 10, binary:copy(Middle) =:= Middle]]).

id(X) -> X.
