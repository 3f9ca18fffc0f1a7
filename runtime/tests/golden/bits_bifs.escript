#!/usr/bin/env escript
%% Writes the golden tables of BIFs on bit strings, iodata, text and the external term format:
%% what the real `erl` (OTP 27) answers. Usage: bits_bifs.escript DIR
%%
%% Lines are as those of terms.escript. What a fuzzed case is made of is random, with a fixed seed.
-mode(compile).

main([Dir]) ->
    calls(Dir, "parts.txt", fun() -> parts() ++ iodata() ++ checksums() end),
    calls(Dir, "binary.txt", fun binary/0),
    calls(Dir, "unicode.txt", fun unicode/0),
    calls(Dir, "external.txt", fun external/0).

calls(Dir, Name, Calls) ->
    rand:seed(exsss, {4, 5, 6}),
    Lines = [Line || {M, F, As} <- Calls(), Line <- [line(M, F, As)], is_plain(Line)],
    ok = file:write_file(filename:join(Dir, Name), Lines).

line(M, F, As) ->
    {Tag, Result} =
        try {ok, apply(M, F, As)}
        catch error:Reason -> {error, Reason}
        end,
    io_lib:format("~w:~w\t~w\t~w\t~w\n", [M, F, As, Tag, Result]).

%% Whether the tests' parser can read it: there are no funs, no references and no escapes in it.
is_plain(Line) -> re:run(Line, "fun |#[^{]|\\\\|[\x80-\xff]", [{capture, none}]) =:= nomatch.

pick(L) -> lists:nth(rand:uniform(length(L)), L).
long() -> list_to_binary([N rem 251 || N <- lists:seq(1, 100)]).
odd() -> [a, 1, -1, 1.5, 1 bsl 70, [], [1], {}, <<>>, <<1:3>>, #{}].

parts() ->
    Bits = [<<>>, <<1, 2, 3>>, <<1, 2, 3:5>>, <<5:3>>, long()],
    Positions = [0, 1, 2, 3, 4, -1, 100, 1 bsl 62, -(1 bsl 63), 1 bsl 70, a],
    [{erlang, F, [B]} || F <- [byte_size, bit_size, binary_to_list, bitstring_to_list], B <- Bits ++ odd()]
    ++ [{erlang, split_binary, [B, P]} || B <- Bits ++ [a, []], P <- Positions]
    ++ [{erlang, binary_part, [B, P, L]} || B <- [<<1, 2, 3>>, <<1, 2:3>>, a], P <- Positions, L <- Positions]
    ++ [{erlang, binary_part, [<<1, 2, 3>>, R]} || R <- [{0, 2}, {3, -1}, {1, 3}, {1}, {1, 2, 3}, a]]
    ++ [{erlang, binary_to_list, [B, P, Q]} || B <- [<<7, 8, 9>>, <<7, 8:4>>, <<>>], P <- Positions, Q <- Positions].

iodata() ->
    Good = [[], [1, 2, 3], [<<1, 2>>, 3 | <<4>>], [[[[]], [[<<>>]]]], [[1 | <<2>>], [3, [4, [5]]] | <<6>>],
            [255, 0], [long(), 1, long()], <<>>, <<"abc">>, lists:duplicate(70, 7),
            [binary:copy(long(), 6), 1, 2, <<"small">>, binary:copy(long(), 7)]],
    Bad = [[256], [-1], [a], [1 | 2], [1 | a], [1.0], [<<1:3>>], <<1:3>>, [[1], [2 | 3]], [1 bsl 70], [[], {}],
           [<<1:3>>, <<2:5>>], [<<1:3>>, 255 | <<2:6>>]],
    [{erlang, F, [X]} || F <- [list_to_binary, iolist_to_binary, list_to_bitstring, iolist_size, iolist_to_iovec],
                         X <- Good ++ Bad ++ odd()]
    ++ [{erlang, list_to_bitstring, [[<<1:N>>, M, <<3:P>>]]} || N <- [0, 1, 7, 8, 65, 600], M <- [1, <<77:13>>], P <- [0, 3, 8]].

checksums() ->
    Data = [[], <<>>, <<"abc">>, ["a", [<<"b">> | <<"c">>]], long(), binary:copy(<<"x">>, 55), binary:copy(<<"y">>, 56),
            binary:copy(<<"z">>, 64), lists:duplicate(600, $q), [256], [a], a, <<1:3>>, [<<1:3>>], [1 | 2]],
    Context = erlang:md5_update(erlang:md5_init(), <<"some text">>),
    [{erlang, F, [D]} || F <- [md5, crc32, adler32], D <- Data]
    ++ [{erlang, F, [S, D]} || F <- [crc32, adler32], S <- [0, 1, 16#ffffffff, 16#100000000, -1, a], D <- [<<"abc">>, []]]
    ++ [{erlang, F, [A, B, L]} || F <- [crc32_combine, adler32_combine], A <- [16#12345678, 1, -1], B <- [16#9abcdef0, 0, a],
                                  L <- [0, 1, 1000, 1 bsl 40, -1, a]]
    ++ [{erlang, md5_init, []}]
    ++ [{erlang, md5_final, [C]} || C <- [erlang:md5_init(), Context, <<>>, a, long()]]
    ++ [{erlang, md5_final, [erlang:md5_update(Context, D)]} || D <- Data -- [[256], [a], a, <<1:3>>, [<<1:3>>], [1 | 2]]].

binary() ->
    Text = <<"abcabcabdab, abc">>,
    Big = <<0, 0, 1:200, 5>>,
    [{binary, F, [X]} || F <- [first, last, copy, list_to_bin, longest_common_prefix, longest_common_suffix,
                               decode_unsigned, encode_unsigned, referenced_byte_size],
                         X <- [<<"x">>, <<"xyz">>, [<<"ab">>], [<<"abc">>, <<"abd">>], [<<"cba">>, <<"dba">>, <<"ba">>],
                               [<<>>, <<"a">>], [<<"a">> | b], [<<"aa">>, a], [<<1:3>>], Big, 255, 256, 1 bsl 64, (1 bsl 72) - 1 | odd()],
                         not (F =:= referenced_byte_size andalso is_bitstring(X))]
    ++ [{binary, longest_common_prefix, [[<<(long())/binary, A>>, <<(long())/binary, B>>]]} || A <- [1, 2], B <- [1, 2]]
    ++ [{binary, longest_common_suffix, [[<<A, (long())/binary>>, <<B, (long())/binary>>]]} || A <- [1, 2], B <- [1, 2]]
    ++ [{binary, at, [Text, P]} || P <- [0, 5, 15, 16, -1, 1 bsl 70, a]]
    ++ [{binary, part, [Text, {1, 3}]}, {binary, part, [Text, 16, -3]}, {binary, part, [Text, 15, 2]}, {binary, part, [a, 1, 2]}]
    ++ [{binary, copy, [B, N]} || B <- [<<>>, <<"ab">>, <<1:3>>, a], N <- [0, 1, 3, 50, -1, a]]
    ++ [{binary, copy, [<<"ab">>, N]} || N <- [1 bsl 70, 1 bsl 62]]
    ++ [{binary, F, [X, E]} || F <- [encode_unsigned, decode_unsigned], X <- [0, 258, (1 bsl 100) + 7, -1, <<>>, <<1, 0, 0>>, Big, <<1:3>>, a],
                               E <- [big, little, a]]
    ++ [{binary, F, [Text, P]} || F <- [match, matches, split], P <- patterns()]
    ++ [{binary, F, [S, P]} || F <- [match, matches, split], S <- [<<>>, <<1:3>>, a, <<"abc">>], P <- [<<"abc">>, [<<"b">>, <<"bc">>]]]
    ++ [{binary, F, [Text, P, O]} || F <- [match, matches, split], P <- [<<"ab">>, [<<"b">>, <<"a">>, <<"bc">>]], O <- options()]
    ++ [{binary, split, [S, <<",">>, O]} || S <- [<<",">>, <<",,">>, <<",a,,b,">>, <<"a,b">>, <<>>, <<"ab">>, <<"a,">>, <<",a">>],
                                            O <- [[], [global], [trim], [trim_all], [global, trim], [global, trim_all], [global, trim, trim_all]]]
    ++ [searched() || _ <- lists:seq(1, 150)].

patterns() ->
    [<<"abc">>, <<"c">>, <<"x">>, [<<"abc">>], [<<"ab">>, <<"abcab">>], [<<"a">>, <<"b">>], [<<"a">>, <<"b">>, <<",">>],
     [<<"bca">>, <<"a">>, <<"abcabd">>, <<"c">>], <<>>, [<<>>], [], [a], [<<"a">>, <<>>], [<<"a">> | b], <<1:3>>, a, {bm, a}, {}].
options() ->
    [[], [{scope, {0, 5}}], [{scope, {5, -4}}], [{scope, {3, 13}}], [{scope, {3, 14}}], [{scope, {-1, 2}}], [{scope, {16, 0}}],
     [{scope, {0, 0}}], [{scope, {17, 0}}], [{scope, {1, 2, 3}}], [{scope, a}], [{scope, {a, 1}}], [{x, {0, 1}}], [global], [a], a,
     [{scope, {0, 2}}, {scope, {4, 8}}], [{scope, {1, -2}}]].
searched() ->
    Letters = fun(N) -> list_to_binary([$a + rand:uniform(2) || _ <- lists:seq(1, N)]) end,
    P = case rand:uniform(2) of
            1 -> Letters(rand:uniform(3));
            2 -> [Letters(rand:uniform(4)) || _ <- lists:seq(1, rand:uniform(4))]
        end,
    case rand:uniform(3) of
        1 -> {binary, match, [Letters(rand:uniform(20)), P]};
        2 -> {binary, matches, [Letters(rand:uniform(20)), P]};
        3 -> {binary, split, [Letters(rand:uniform(20)), P, pick([[global], [trim], [global, trim_all], []])]}
    end.

unicode() ->
    Data = [[], <<>>, "abc", <<"abc">>, [229, 8364, 16#1f600], <<229>>, <<"å€😀"/utf8>>, [<<"å"/utf8>>, 229 | <<"b">>],
            [<<195>>, <<165>>], [<<195>>, 165], [<<195>> | <<165>>], <<195>>, [<<195>>], [<<226, 130>>, <<172, 65>>],
            [<<226>>, <<130>>, <<172>>], [<<226>>, <<>>, <<130>>], <<226, 65>>, <<226, 130>>, <<240, 159, 152>>, <<240, 65, 152>>,
            [1, [2, [<<195, 40>>, 3], 4], 5], [1, [2, <<3, 255, 4>>, 5], 6], [[[16#d800], a]], [16#d800, b], ["ab", 16#110000 | <<"c">>],
            [-1], [1 bsl 70], [1 bsl 70, a], [a], [1 | 2], a, <<1:3>>, [<<1:3>>], [1.0], {}, <<255>>, <<192, 128>>, <<193>>, <<224, 128>>,
            <<237, 160, 128>>, <<244, 144, 128, 128>>, <<245, 128>>, [<<226>>, <<65, 66, 67>>], [<<226, 130>> | <<255, 1>>],
            [[[], [[], "x"]], <<>>], [256], [255], [<<"å"/utf8>>], [[<<195>>], [165]], [<<240, 159>>, [<<152>>, [<<128>>]]],
            [[[<<240, 159>>], <<152>>], 7], binary:copy(<<"å"/utf8>>, 50), lists:duplicate(40, 8364), binary:copy(<<200>>, 40)],
    [{unicode, F, [D, E]} || F <- [characters_to_binary, characters_to_list], D <- Data, E <- [utf8, latin1, unicode]]
    %% Of OTP 25, 27 and 29, only 27 says that non-empty binaries never are.
    ++ [{unicode, bin_is_7bit, [D]} || D <- Data, not (is_binary(D) andalso D =/= <<>> andalso lists:max(binary_to_list(D)) < 128)]
    ++ [fuzzed_text() || _ <- lists:seq(1, 250)]
    ++ [{unicode, characters_to_binary, [D, E]} || D <- [<<>>, [], "abc", <<0, 97>>, [16#d800], [-1, 2], [1 bsl 70], a, [a], [1 | 2], [<<1:3>>], <<1:3>>],
                                                   E <- [utf16, {utf32, little}]]
    ++ [{unicode, characters_to_list, [[binary:copy(<<0, 97>>, N), <<216>>, 1], utf16]} || N <- [1, 50]]
    ++ [{unicode, characters_to_list, [[], E]} || E <- [a, utf7, {utf8, big}, {utf16, a}, {utf16, big, x}, 1]]
    ++ [fuzzed_wide() || _ <- lists:seq(1, 250)].

fuzzed_wide() ->
    {E, Encode} = pick([{utf16, fun(C) -> <<C/utf16>> end}, {{utf16, little}, fun(C) -> <<C/utf16-little>> end},
                        {{utf16, big}, fun(C) -> <<C/utf16>> end}, {utf32, fun(C) -> <<C/utf32>> end},
                        {{utf32, little}, fun(C) -> <<C/utf32-little>> end}]),
    Text = << <<(Encode(pick([97, 229, 8364, 16#d7ff, 16#e000, 16#fffe, 16#10000, 16#1f600, 16#10ffff])))/binary>> || _ <- lists:seq(1, rand:uniform(4)) >>,
    Damaged = case rand:uniform(3) of
                  1 -> Text;
                  2 -> binary:part(Text, 0, rand:uniform(byte_size(Text)));
                  3 -> N = rand:uniform(byte_size(Text)) - 1, <<A:N/binary, _, B/binary>> = Text, <<A/binary, (pick([216, 220, 17, 0, 255])), B/binary>>
              end,
    {unicode, pick([characters_to_binary, characters_to_list]), [cut_up(Damaged), E]}.

cut_up(Text) ->
    case rand:uniform(4) of
        1 -> Text;
        _ ->
            N = rand:uniform(byte_size(Text) + 1) - 1,
            <<A:N/binary, B/binary>> = Text,
            pick([[A, B], [A | B], [[A], B, $x], [A, [], [[], B] | <<>>], [A, [B | <<0>>], 55296], [$y, [A | B], <<216>>], [[A], [[<<>>, B]]]])
    end.

fuzzed_text() ->
    Piece = fun() ->
                    case rand:uniform(6) of
                        1 -> <<(rand:uniform(16#d7ff))/utf8>>;
                        2 -> rand:uniform(16#d7ff);
                        3 -> <<_, R/binary>> = <<(16#800 + rand:uniform(16#a000))/utf8>>, R;
                        4 -> <<A, B, _/binary>> = <<(16#10000 + rand:uniform(16#a0000))/utf8>>, <<A, B>>;
                        5 -> [pick([$a, 229, 55296, <<195>>, <<165>>]), $b];
                        6 -> pick([<<128>>, <<152, 128>>, <<226>>, <<240>>, "ab", 1, 250])
                    end
            end,
    {unicode, pick([characters_to_binary, characters_to_list]), [[Piece() || _ <- lists:seq(1, rand:uniform(5))], pick([utf8, utf8, latin1])]}.

external() ->
    Terms = [0, 255, 256, -1, 1 bsl 31, -(1 bsl 31), (1 bsl 31) - 1, -(1 bsl 31) - 1, 1 bsl 59, 1 bsl 60, -(1 bsl 60), 1 bsl 64,
             -((1 bsl 64) - 1), (1 bsl 2039) + 3, 1 bsl 2040, -(1 bsl 3000), 1.5, -0.0, 1.0e-300, a, '', 'with space',
             list_to_atom(lists:duplicate(255, $x)), [], [1], "string", lists:seq(0, 255), [256], [1 | 2], [[1, 2], [3]], [a, [b | c] | d],
             {}, {1}, {a, {b, [c]}}, list_to_tuple(lists:seq(1, 300)), <<>>, <<"abc">>, <<1:3>>, <<1, 2, 5:7>>, long(), <<(long())/binary, 1:1>>,
             #{}, #{1 => a, 2 => #{3 => b}}, maps:from_list([{N, N * N} || N <- lists:seq(1, 32)]), lists:duplicate(70000, 1),
             fun erlang:length/1, [#{1 => [<<1>>]}, {#{2 => {}}}]],
    Options = [[], [{minor_version, 0}], [{minor_version, 1}], [{minor_version, 2}], [deterministic], [{compressed, 0}]],
    Texts = [binary_to_list(term_to_binary(T)) || T <- Terms, erlang:external_size(T) < 400],
    [{erlang, term_to_binary, [T]} || T <- Terms, erlang:external_size(T) < 1000]
    ++ [{erlang, external_size, [T]} || T <- Terms, erlang:external_size(T) < 1000]
    ++ [{erlang, F, [T, O]} || F <- [term_to_binary, external_size], T <- [a, 'with space', 1.5, -2.0e300, {a, [1.0]}, #{b => 1, a => 2, 1 => 3}], O <- Options,
                               T =/= #{b => 1, a => 2, 1 => 3} orelse O =:= [deterministic]]
    ++ [{erlang, term_to_binary, [a, O]} || O <- [[{minor_version, 3}], [{minor_version, -1}], [{compressed, 10}], [{compressed, -1}], [a], a, [compressed | x],
                                                  [deterministic, local], [compressed], [{compressed, 9}]]]
    ++ [{erlang, term_to_binary, [maps:from_list([{N, a} || N <- lists:seq(K, 60 * K, K)]), O]} || K <- [1, 7], O <- [[], [deterministic]]]
    ++ [{erlang, binary_to_term, [term_to_binary(T)]} || T <- Terms, erlang:external_size(T) < 1000]
    ++ [{erlang, binary_to_term, [term_to_binary(T, [{minor_version, 0}])]} || T <- [1.5, -2.0e300, {a, 'b c'}, 0.1]]
    ++ [{erlang, binary_to_term, [term_to_binary(T, [compressed])]} || T <- ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", lists:duplicate(100, abc), a]]
    ++ [{erlang, binary_to_term, [<<(term_to_binary(T, O))/binary, 7, 8>>, [used]]} || T <- [{a, 1}, lists:duplicate(100, abc)], O <- [[], [compressed]]]
    ++ [{erlang, binary_to_term, [term_to_binary({erlang, abc}), O]} || O <- [[], [safe], [used, safe], [a], a, [safe | x], [{safe, 1}]]]
    ++ [{erlang, binary_to_term, [B, [safe]]} || B <- [<<131, 119, 9, "new atom ">>, <<131, 100, 0, 9, "new atom.">>, <<131, 113, 119, 1, "x", 119, 1, "y", 97, 1>>,
                                                       <<131, 113, 119, 6, "erlang", 119, 6, "length", 97, 1>>]]
    ++ [{erlang, binary_to_term, [B]} || B <- hostile()]
    ++ [{erlang, binary_to_term, [mutated(pick(Texts))]} || _ <- lists:seq(1, 500)].

hostile() ->
    [<<>>, <<131>>, <<130, 97, 1>>, a, <<131, 97>>, <<131, 97, 1:3>>, <<131, 97, 1, 2>>, <<131, 108, 255, 255, 255, 255, 97>>, <<131, 104, 255>>,
     <<131, 105, 255, 255, 255, 255>>, <<131, 116, 255, 255, 255, 255, 97, 1>>, <<131, 109, 255, 255, 255, 255, 1>>, <<131, 111, 255, 255, 255, 255, 0, 1>>,
     <<131, 108, 0, 0, 0, 0, 97, 5>>, <<131, 108, 0, 0, 0, 0, 106>>, <<131, 108, 0, 0, 0, 1, 97, 5, 97, 6>>, <<131, 107, 0, 0>>, <<131, 107, 0, 2, 1, 2>>,
     <<131, 110, 0, 0>>, <<131, 110, 0, 1>>, <<131, 110, 3, 0, 1, 0, 0>>, <<131, 110, 3, 1, 1, 0, 0>>, <<131, 110, 8, 0, 255, 255, 255, 255, 255, 255, 255, 15>>,
     <<131, 110, 8, 0, 0, 0, 0, 0, 0, 0, 0, 16>>, <<131, 110, 8, 7, 0, 0, 0, 0, 0, 0, 0, 16>>, <<131, 111, 0, 0, 0, 1, 0, 9>>,
     <<131, 70, 127, 240, 0, 0, 0, 0, 0, 0>>, <<131, 70, 127, 248, 0, 0, 0, 0, 0, 0>>, <<131, 99, "1.5", 0:(28 * 8)>>, <<131, 99, "1", 0:(30 * 8)>>,
     <<131, 99, "1.50000000000000000000e+00", 0:40>>, <<131, 99, "x", 0:240>>, <<131, 99, "1.0e999", 0:(24 * 8)>>,
     <<131, 77, 0, 0, 0, 1, 0, 1>>, <<131, 77, 0, 0, 0, 1, 9, 1>>, <<131, 77, 0, 0, 0, 0, 0>>, <<131, 77, 0, 0, 0, 0, 1>>, <<131, 77, 0, 0, 0, 1, 8, 1>>,
     <<131, 77, 0, 0, 0, 2, 3, 1, 255>>, <<131, 116, 0, 0, 0, 2, 97, 1, 97, 2, 97, 1, 97, 3>>, <<131, 116, 0, 0, 0, 2, 97, 2, 97, 2, 97, 1, 97, 3>>,
     <<131, 116, 0, 0, 0, 0>>, <<131, 104, 0>>, <<131, 105, 0, 0, 0, 0>>, <<131, 119, 1, 255>>, <<131, 119, 2, 195, 165>>, <<131, 115, 1, 97>>,
     <<131, 118, 1, 0, (binary:copy(<<"x">>, 256))/binary>>, <<131, 100, 1, 0, (binary:copy(<<"x">>, 256))/binary>>,
     <<131, 118, 0, 255, (binary:copy(<<"x">>, 255))/binary>>, <<131, 82, 0>>, <<131, 121, 1, 2, 3, 4, 97, 1>>, <<131, 112>>, <<131, 117, 0, 0, 0, 0>>,
     <<131, 113, 119, 6, "erlang", 119, 6, "length", 97, 1>>, <<131, 113, 119, 6, "erlang", 97, 6, 97, 1>>, <<131, 113, 119, 6, "erlang", 119, 6, "length", 98, -1:32>>,
     <<131, 80>>, <<131, 80, 0, 0, 0, 2, 1, 2, 3>>, <<131, 80, 255, 255, 255, 255, (zlib:compress(<<97, 1>>))/binary>>,
     <<131, 80, 0, 0, 0, 2, (zlib:compress(<<97, 1>>))/binary>>, <<131, 80, 0, 0, 0, 1, (zlib:compress(<<97, 1>>))/binary>>,
     <<131, 80, 0, 0, 0, 3, (zlib:compress(<<97, 1>>))/binary>>, <<131, 131, 97, 1>>, <<131, 200>>].

mutated(Text) ->
    N = rand:uniform(length(Text)),
    {Before, [_ | After]} = lists:split(N - 1, Text),
    case rand:uniform(4) of
        1 -> list_to_binary([Before, external_byte(rand:uniform(256) - 1), After]);
        2 -> list_to_binary(Before);
        3 -> list_to_binary([Before, After]);
        4 -> list_to_binary([Before, pick([97, 98, 104, 106, 107, 108, 109, 110, 116, 119]), After])
    end.

%% Tags that OTP itself uses within its tables, and does not refuse in binaries either, are avoided.
external_byte(Byte) when Byte >= 73, Byte =< 76 -> 0;
external_byte(Byte) -> Byte.
