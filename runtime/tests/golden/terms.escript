#!/usr/bin/env escript
%% -*- erlang -*-
%% Writes the golden tables that the runtime's unit tests read: what the real `erl` (OTP 27) answers.
%% Usage: terms.escript DIR
%%
%% Atoms among the keys of maps are written in an order that varies from run to run, which no test minds.
%%
%% A line of a table of calls is `module:function TAB [Arguments] TAB ok TAB Result`, or
%% `error TAB Reason` at its end. All terms are written with ~w, on one line.

main([Dir]) ->
    calls(Dir, "arith.txt", arith()),
    calls(Dir, "text.txt", text()),
    calls(Dir, "math.txt", math()),
    calls(Dir, "hash.txt", hash()),
    calls(Dir, "maps.txt", maps()),
    print(Dir, "print.txt", [T || T <- terms() ++ printed(), not has_atom_keys(T)]),
    order(Dir, "order.txt", terms()).

calls(Dir, Name, Calls) ->
    Lines = [line(M, F, As) || {M, F, As} <- Calls],
    ok = file:write_file(filename:join(Dir, Name), Lines).

line(M, F, As) ->
    {Tag, Result} =
        try {ok, apply(M, F, As)}
        catch error:Reason -> {error, Reason}
        end,
    io_lib:format("~w:~w\t~w\t~w\t~w\n", [M, F, As, Tag, Result]).

%% Every pair of terms: one character for the order, one for =:=. Then the terms, one a line.
order(Dir, Name, Terms) ->
    Rows = [[[order(A, B), exact(A, B)] || B <- Terms] ++ "\n" || A <- Terms],
    Texts = [io_lib:format("~w\n", [T]) || T <- Terms],
    ok = file:write_file(filename:join(Dir, Name), [Rows, "\n", Texts]).

order(A, B) when A < B -> $<;
order(A, B) when A > B -> $>;
order(A, B) when A == B -> $=.
exact(A, B) when A =:= B -> $y;
exact(_, _) -> $n.

big(Bits) -> 1 bsl Bits.

numbers() ->
    [0, 1, -1, 3, -7, 255, big(31), big(59) - 1, big(59), -big(59), big(60) - 1, big(60), -big(60),
     big(60) + 12345, -big(60) - 1, big(63), -big(63), big(64) - 1, big(64), -big(64) - 98765,
     big(127) + 17, -(big(192) - 5), 1.0, -0.5, 1.0e300, a].

arith() ->
    Ns = numbers(),
    [{erlang, Op, [A, B]} || Op <- ['+', '-', '*', '/', 'div', 'rem', 'band', 'bor', 'bxor'],
                             {I, A} <- index(Ns), {J, B} <- index(Ns), (I * 7 + J * 3) rem 4 =:= 0 orelse I =:= J]
    ++ [{erlang, Op, [A, B]} || Op <- ['bsl', 'bsr'], A <- [0, 1, -1, 5, -77, big(59) + 3, -big(64) + 9, 1.0],
                                B <- [0, 1, -1, 3, 58, 59, 60, 61, 63, 64, 65, -64, -130, big(70), -big(70), a]]
    ++ [{erlang, Op, [A]} || Op <- ['+', '-', 'bnot', abs, float, trunc, round, floor, ceil],
                             A <- Ns ++ [-0.0, 2.5, -2.5, 0.49999999999999994, 4503599627370497.5, 1.0e18, -1.2e19, 1.0e23,
                                         big(1023), big(1024), -big(2000)]]
    ++ [{erlang, Op, [A, B]} || Op <- [min, max], A <- [1, 1.0, a, big(64)], B <- [1, 1.0, a, big(64)]]
    ++ [{erlang, Op, [A, B]} || Op <- ['*', 'div', 'rem', '+', '-'],
                                A <- [big(4000) - 3, -(big(1700) + 11)], B <- [big(1600) - 77, -(big(1664) - 1), 10, big(60) - 1]].

index(L) -> lists:zip(lists:seq(1, length(L)), L).

text() ->
    Is = [0, 7, -12, big(59), big(60), -big(60), big(64), big(64) - 1, -big(130) + 1, big(700), a, 1.0],
    [{erlang, F, [I]} || F <- [integer_to_list, integer_to_binary], I <- Is]
    ++ [{erlang, F, [I, B]} || F <- [integer_to_list, integer_to_binary], I <- Is, B <- [2, 8, 10, 16, 36, 1, 37, x]]
    ++ [{erlang, list_to_integer, [T]} || T <- texts()]
    ++ [{erlang, binary_to_integer, [B]} || T <- texts(), B <- try [list_to_binary(T)] catch error:_ -> [T] end]
    ++ [{erlang, list_to_integer, [T, B]} || T <- texts(), B <- [2, 16, 36, 37]]
    ++ [{erlang, binary_to_integer, [<<"ff">>, B]} || B <- [16, 15, 36, a]]
    ++ [{erlang, F, [X]} || F <- [float_to_list, float_to_binary], X <- [2.5, -0.0, 1, a]]
    ++ [{erlang, float_to_binary, [X, O]} || X <- floats(), O <- [[short], [], [{decimals, 3}], [{decimals, 17}, compact]]]
    ++ [{erlang, float_to_binary, [X, O]} || X <- [0.0, 0.5, -123.456, 1.0e22], O <- options()]
    ++ [{erlang, list_to_float, [T]} || T <- float_texts()]
    ++ [{erlang, binary_to_float, [list_to_binary(T)]} || T <- float_texts()]
    ++ [{erlang, F, [X]} || F <- [list_to_float, binary_to_float], X <- [a, <<1:3>>, [a], 1.0]]
    ++ [{string, list_to_float, [T]} || T <- float_texts() ++ ["1.5rest", "1.5e", "1.5e+", "1.5e+x", "-1.5E3.5", "+-1.0", "1.e5", "--1.0", "1.5-", [$1, $., $5 | a], [$1, $., $5, a], [a], a]]
    ++ [{erts_internal, list_to_integer, [T, B]} || T <- texts() ++ [a, "12x", "0x", "-", "000"], B <- [2, 10, 16, 99]]
    ++ [{erts_internal, binary_to_integer, [T, B]} || T <- [<<"12">>, <<"-0">>, <<>>, <<"+">>, <<"99999999999999999999">>, <<"ff">>, a], B <- [2, 10, 16, 99]].

texts() ->
    ["0", "-0", "+12", "-12", "", "-", "+", "1x", " 1", "1.0", "ff", "FF", "0000000000000000000000000000000001",
     "123456789012345678", "1234567890123456789", "12345678901234567890123456789012345678901234567890", "-1152921504606846976",
     "1152921504606846975", "zz", "00000000000000000000000000000000000000000", [49 | 50], [49, a], [$1, 300], a].

floats() ->
    [0.0, -0.0, 1.0, -1.5, 0.1, 100.0, 1000.0, 123456789.0, 1.0e-4, 1.0e-5, 0.00012, 12345.678, 1.0e15, 1.0e16, 1.0e21, 1.0e22, 1.0e23,
     123456789012345680.0, 9007199254740991.0, 9007199254740992.0, 9007199254740994.0, 90071992547409920.0, 1.7976931348623157e308,
     5.0e-324, 2.2250738585072014e-308, 3.141592653589793, 1.0e100, 0.3, 299792458.0, 0.99999, 2.5, 0.125, 1.0e-10, 4.35, 8589973000.0].

options() ->
    [[short], [compact], [{decimals, 0}], [{decimals, 2}], [{decimals, 4}, compact], [{decimals, 20}], [{decimals, 19}, compact], [{decimals, 0}, compact],
     [{decimals, -1}], [{decimals, 253}], [{decimals, 254}], [{decimals, 255}], [{scientific, 0}], [{scientific, 3}], [{scientific, -1}], [{scientific, 249}], [{scientific, 250}], [{scientific, 251}],
     [{decimals, 3}, {scientific, 2}], [short, {decimals, 1}], [{decimals, a}], [x], x, [compact | x]].

float_texts() ->
    ["1.0", "-1.5e3", "+2.25", "1.0e400", "-1.0e400", "1.0e-400", "1", "1.", ".5", "1.0e", "1.0e+", "1.0E+2", "1.0e-2", "", "1.0 ", " 1.0", "nan", "inf",
     "1,5", "1.5.5", "0.1", "123456789.123456789", "4.9e-324", "1.7976931348623157e308", "1.7976931348623159e308"].

math() ->
    Xs = [0, 1, -1, 2, 0.5, -0.5, 1.0e10, 1.0e-10, 710, big(100), big(2000), a, -0.0, 3.7, -3.7],
    [{math, F, [X]} || F <- [cos, cosh, sin, sinh, tan, tanh, acos, acosh, asin, asinh, atan, atanh, erf, erfc, exp, log, log2, log10, sqrt, floor, ceil], X <- Xs]
    ++ [{math, F, [X, Y]} || F <- [atan2, pow, fmod], X <- [0, 2, -2.5, 1.0e200, big(2000), a], Y <- [0, 3, -0.5, 1.0e3, a]].

terms() ->
    Large = fun(N, F) -> maps:from_list([{F(I), I} || I <- lists:seq(1, N)]) end,
    Id = fun(I) -> I end,
    Bin = fun(I) -> integer_to_binary(I) end,
    [0, 1, -1, 127, -128, big(27) - 1, big(27), -big(27), -big(27) - 1, big(31), big(32), big(59) - 1, big(59), -big(59), big(60), -big(60) - 1,
     big(63), big(64) - 1, big(64), -big(64), big(128) + 1, big(64) + 1, 9007199254740993, 1.0, -1.0, 0.0, -0.0, 9007199254740992.0, 9007199254740994.0,
     1.152921504606847e18, 1.8446744073709552e19, -1.8446744073709552e19, 3.402823669209385e38, 1.0e300, -1.0e300, 2.5, a, b, abc, abcd, abcde, '', 'B', true, {}, {1}, {1.0}, {1, 2}, {a, {b, c}},
     [], [1], [1.0], [1 | 2], [1, 2], "abcdefgh", "abc", [a, b | c], [[[[]]]], [256, 1, 2], [1, 2, 3, a, 4, 5, 6, 7, 8, {}], [{}, 1, 2 | x], <<>>, <<1>>, <<1, 2>>, <<1:1>>, <<0:1>>, <<255, 1:3>>,
     <<"hello world">>, <<"hello world!">>, <<"hello world, hello world">>, <<"hello world, hello world", 5:3>>,
     #{}, #{a => 1}, #{a => 1.0}, #{1 => a}, #{1.0 => a}, #{1 => a, 1.0 => b}, #{a => 1, b => 2}, #{a => 1, c => 0}, #{[] => #{}}, #{{} => [], "x" => <<"y">>},
     Large(33, Id), Large(40, Id), (Large(40, Id))#{1 := 7}, (Large(40, Id))#{40 := 7}, maps:remove(3, Large(41, Id)), maps:remove(3, (Large(41, Id))#{10 := x}), Large(40, Bin), Large(100, Bin),
     maps:remove(<<"50">>, Large(101, Bin)), Large(100, fun(I) -> {I, [I | I]} end), Large(100, fun(I) -> #{I => I} end), Large(32, Id), #{Large(40, Id) => 1}, #{Large(41, Id) => 1, 1 => 2},
     Large(40, fun(I) -> float(I) end), (Large(40, Id))#{40 := 40.0}].

hash() ->
    Ts = terms(),
    [{erlang, F, [T, big(32)]} || F <- [phash2, phash], T <- Ts]
    ++ [{erlang, phash2, [T]} || T <- Ts]
    ++ [{erlang, F, [T, R]} || F <- [phash, phash2], T <- [a, 1, "abc"], R <- [0, 1, 2, 1000, big(32) - 1, big(32) + 1, big(70), a]].

maps() ->
    Flat = #{a => 1, 2 => b, 3.0 => "c", {x} => #{}},
    Full = maps:from_list([{I, I} || I <- lists:seq(1, 32)]),
    Hash = maps:from_list([{I, -I} || I <- lists:seq(1, 33)]),
    Bins = maps:from_list([{integer_to_binary(I), I} || I <- lists:seq(1, 50)]),
    Lists = maps:from_list([{[I, {I, [I + 250, [I], float(I)]}, big(70) + I, <<I, 1:1>>, <<"more than sixteen bytes">>], I} || I <- lists:seq(1, 40)]),
    Maps = [#{}, Flat, Full, Hash, a],
    Keys = [a, 2, 3.0, {x}, 33],
    [{maps, F, [M]} || F <- [keys, values], M <- [#{}, Full, Hash, Bins, Lists, a]]
    ++ [{maps, F, [K, M]} || F <- [get, find, is_key, remove, take], K <- Keys, M <- Maps]
    ++ [{erlang, F, [K, M]} || F <- [map_get, is_map_key], K <- [a, 33], M <- Maps]
    ++ [{erlang, map_size, [M]} || M <- Maps]
    ++ [{maps, F, [K, v, M]} || F <- [put, update], K <- Keys, M <- Maps]
    ++ [{maps, merge, [A, B]} || A <- Maps, B <- Maps]
    ++ [{maps, from_list, [L]} || L <- [[], [{a, 1}, {b, 2}, {a, 3}], [{a, 1} | b], [{a}], [a], a, [{I rem 40, I} || I <- lists:seq(1, 80)], [{I rem 20, I} || I <- lists:seq(1, 80)]]]
    ++ [{maps, from_keys, [L, v]} || L <- [[], [a, b, a], lists:seq(1, 40), [a | b], a]]
    ++ [{erts_internal, map_next, [P, M, L]} || P <- [0, a, -1], M <- [#{}, Full, a], L <- [[], [x], y]]
    ++ [{erts_internal, map_next, [P, M, iterator]} || P <- [0, a], M <- [#{}, Full, Hash, Bins, Lists, a]]
    ++ [{erts_internal, map_next, [P, Hash, iterator]} || P <- [[], [1, 2], [1, 99], [1 | 2]]]
    ++ [{erts_internal, cmp_term, [A, B]} || A <- [1, 1.0, 2, a, -0.0], B <- [1, 1.0, 2, a, 0.0]].

%% What erlang:display/1 prints, which has a function of its own.
print(Dir, Name, Terms) ->
    Texts = [io_lib:format("~w\t~ts\n", [T, erts_internal:term_to_string(T, undefined)]) || T <- Terms],
    ok = file:write_file(filename:join(Dir, Name), Texts).

%% OTP 27 keeps the atoms among the keys of a map in the order in which it came to know them.
has_atom_keys(M) -> is_map(M) andalso length([K || K <- maps:keys(M), is_atom(K)]) > 1.

printed() ->
    ['hello world', 'a@b', a_b, 'A', 'a-b', '\'', 'a\\b', '1a', "with \"quotes\"", [$a, 31], [$a, 127], <<"say \"x\"">>, <<"caf", 233>>, <<7:3>>,
     1.5, -0.0, 1.0e-300, 123456789.125, {[], {}, [[]]}, [a | "bc"], [1, 2 | "bc"], #{1 => #{}}].
