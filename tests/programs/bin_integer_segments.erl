%% Integer segments of every size up to 130 bits, both signs and all byte orders, built and read back.
-module(bin_integer_segments).
-export([main/0, id/1]).

main() ->
    Values = [0, 1, -1, 127, 128, 255, 1 bsl 40, (1 bsl 64) - 1, (1 bsl 129) + 12345, -(1 bsl 100)],
    Hash = lists:foldl(fun(Size, Acc) -> lists:foldl(fun(V, A) -> erlang:phash2({A, round_trip(Size, id(V))}) end, Acc, Values) end, 0, lists:seq(0, 130)),
    io:format("~w~n", [Hash]),
    io:format("~w~n", [round_trip(13, 4097)]),
    io:format("~w~n", [round_trip(16, -2)]),
    io:format("~w~n", [round_trip(64, 16#0102030405060708)]).

round_trip(Size, V) ->
    Big = <<V:Size/big>>,
    Little = <<V:Size/little>>,
    Native = <<V:Size/native>>,
    true = Native =:= Little,
    <<A:Size/unsigned-big>> = Big,
    <<B:Size/signed-big>> = Big,
    <<C:Size/unsigned-little>> = Little,
    <<D:Size/signed-little>> = Little,
    true = A =:= C,
    true = B =:= D,
    {Big, Little, A, B}.

id(X) -> X.
