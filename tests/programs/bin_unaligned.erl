%% Matching and building at bit offsets that are no multiple of eight, including sub-binaries of those.
-module(bin_unaligned).
-export([main/0, id/1]).

main() ->
    Bits = <<5:3, "hello world", 1:5>>,
    <<_:3, Text:11/binary, Tail/bits>> = id(Bits),
    io:format("~p ~p ~p~n", [Text, Tail, byte_size(Bits)]),
    true = Text =:= <<"hello world">>,
    io:format("~w ~w~n", [erlang:phash2(Text) =:= erlang:phash2(<<"hello world">>), Text < <<"hello worle">>]),
    <<_:1, A:16, B:24/little, C/bits>> = id(Bits),
    io:format("~w~n", [{A, B, C}]),
    io:format("~w~n", [<<1:1, Text/binary, Tail/bits, 2:2>>]),
    io:format("~w~n", [binary_to_list(Text)]),
    io:format("~w~n", [bitstring_to_list(<<1:1, "ab">>)]),
    <<_:5, F:64/float, _/bits>> = id(<<0:5, 2.75/float, 0:3>>),
    <<_:7, U/utf8, _/bits>> = id(<<0:7, 8364/utf8, 0:1>>),
    io:format("~w ~w~n", [F, U]),
    io:format("~w~n", [collect(id(<<16#123456789abcdef:61>>), [])]).

collect(<<X:7, Rest/bits>>, Seen) -> collect(Rest, [X | Seen]);
collect(Rest, Seen) -> {lists:reverse(Seen), Rest}.

id(X) -> X.
