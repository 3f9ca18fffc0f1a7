%% Binaries of all sizes put together with integers, characters and constants, new and appended.
-module(bin_build_mixed).
-export([main/0]).

main() ->
    Text = list_to_binary([N band 127 || N <- lists:seq(1, 700)]),
    Sizes = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 48, 55, 56, 57, 62, 63, 64, 65, 100, 255, 256, 257, 600],
    Parts = [binary:part(Text, At, Size) || Size <- Sizes, At <- [0, 3]],
    Moved = [begin <<_:3, Part:Size/binary, _/bits>> = <<5:3, Text/binary, 0:5>>, Part end || Size <- Sizes],
    print([[wrap(P), frame(P), twice(P), sign(P, 16#20ac)] || P <- Parts ++ Moved]),
    print([three(A, B, P) || P <- Parts, A <- [<<>>, <<"abc">>, Text], B <- [<<"x">>, <<"0123456789abcdef">>]]),
    print([grow(P, 30, <<>>) || P <- Parts ++ Moved]),
    print([{X, Y} || P <- Parts, X <- [<<P/binary, P/binary>>], Y <- [<<X/binary, P/binary, X/binary>>], X =/= Y]),
    print([kept(P, <<(binary:copy(<<"z">>, 70))/binary>>) || P <- Parts]),
    print(<< <<P/binary, $;>> || P <- Parts >>),
    print(<< <<(N rem 7):3, N:5>> || N <- lists:seq(1, 300) >>),
    print(<< <<N:(N rem 3 + 1)>> || N <- lists:seq(1, 300) >>),
    print([failing(X) || X <- [a, 1, <<1:3>>, [], <<"ok">>]]),
    print([characters([C, C + 1, 65]) || C <- [0, 126, 127, 2046, 2047, 16#d7fe, 16#dfff, 16#e000, 16#fffe, 16#ffff, 16#10fffe]]),
    print([bad_character(C) || C <- [-1, 16#d800, 16#dfff, 16#110000, 1 bsl 70, a, 1.0]]),
    print([integers(X) || X <- [0, 1, -1, 255, 256, -32769, 1 bsl 59 - 1, -(1 bsl 60), 1 bsl 60, 1 bsl 100, -(1 bsl 100)]]).

print(Term) -> io:format("~w ~w~n", [erlang:phash2(Term), erlang:md5(term_to_binary(Term))]).

wrap(B) -> <<"<", B/binary, ">">>.
frame(B) -> <<(byte_size(B)):16, 7, B/binary>>.
twice(B) -> <<B/binary, 16#cafe:16/little, B/binary>>.
sign(B, C) -> <<B/binary, C/utf8, (byte_size(B))/utf8>>.
three(A, B, C) -> <<A/binary, ",", B/binary, ";", C/binary>>.

grow(_, 0, Acc) -> Acc;
grow(B, N, Acc) -> grow(B, N - 1, <<Acc/binary, N:24, B/binary, "--">>).

%% Both values have their own ends, and the first stays as it is.
kept(B, Acc0) ->
    Acc = <<Acc0/binary, 1>>,
    One = <<Acc/binary, B/binary>>,
    Two = <<Acc/binary, 2, B/binary>>,
    {Acc, One, Two, <<One/binary, B/binary>>}.

failing(X) ->
    Long = binary:copy(<<"y">>, 100),
    [try F() catch error:R -> R end
     || F <- [fun() -> <<"a", X/binary>> end, fun() -> <<Long/binary, X/binary>> end, fun() -> <<X/binary, 1>> end,
              fun() -> <<Long/binary, X/bits, 3:3>> end, fun() -> <<X/bits, Long/binary>> end, fun() -> <<Long/binary, X>> end]].

characters(Points) -> << <<C/utf8>> || C <- Points, C =< 16#10ffff, C < 16#d800 orelse C > 16#dfff >>.
bad_character(C) -> [try F() catch error:R -> R end || F <- [fun() -> <<C/utf8>> end, fun() -> <<(<<"abc">>)/binary, C/utf8>> end]].

integers(X) ->
    Long = <<(binary:copy(<<"w">>, 100))/binary, 1>>,
    [<<X>>, <<X:3, X:13>>, <<X:64>>, <<X:64/little>>, <<X:61, X:3>>, <<X:24/little, X:40>>, <<X:57, X:60, X:11>>, <<X:100>>,
     <<Long/binary, X:16/little, X:48>>, <<Long/binary, X:64, X:63, X:1>>, <<Long/binary, X:5>>, <<Long/binary, X:59, X:61>>].
