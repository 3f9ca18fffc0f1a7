%% utf8 segments built and matched for each length of code, with overlong, cut and surrogate input.
-module(bin_utf8).
-export([main/0, id/1]).

main() ->
    Codes = [0, 65, 127, 128, 2047, 2048, 55295, 57344, 65535, 65536, 1114111],
    [begin B = <<(id(C))/utf8>>, <<C/utf8>> = B, io:format("~w ~w~n", [C, B]) end || C <- Codes],
    All = << <<C/utf8>> || C <- Codes >>,
    io:format("~w~n", [decode(All, [])]),
    Bad = [<<128>>, <<192, 128>>, <<237, 160, 128>>, <<244, 144, 128, 128>>, <<226, 130>>, <<255>>, <<240, 128, 128, 128>>, <<"ok", 195>>],
    [io:format("~w ~w~n", [B, decode(B, [])]) || B <- Bad],
    [io:format("~w~n", [try <<(id(C))/utf8>> catch K:R -> {K, R} end]) || C <- [55296, 1114112, -1, a, 1.0]],
    <<_/utf8, Rest/binary>> = id(<<"äb"/utf8>>),
    io:format("~w~n", [Rest]),
    io:format("~w~n", [<<"grün"/utf8>>]).

decode(<<C/utf8, Rest/binary>>, Seen) -> decode(Rest, [C | Seen]);
decode(<<>>, Seen) -> lists:reverse(Seen);
decode(Rest, Seen) -> {stopped, lists:reverse(Seen), Rest}.

id(X) -> X.
