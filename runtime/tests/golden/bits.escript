#!/usr/bin/env escript
%%! +S1
%% Writes bits.txt: bit syntax as Erlang/OTP does it, for the runtime's unit tests.
%%
%%   C kind:size:flags or unit:value ... = bits hex | error Reason Segment Type Info     construction
%%   M hex offset type size flags = value | none                  matching of one field
%%
%% Integers are hexadecimal (but for M, offset and size), floats the hexadecimal of their 64 bits. Flags: 1 little, 2 signed.
-mode(compile).

main([Path]) ->
    rand:seed(exsss, {1, 2, 3}),
    {ok, F} = file:open(Path, [write]),
    [create(F, [random_segment() || _ <- lists:seq(1, rand:uniform(5))]) || _ <- lists:seq(1, 300)],
    [create(F, [S]) || S <- bad_segments()],
    [create(F, [{i, 3, 0, 5}, S, {i, 8, 0, foo}]) || S <- bad_segments()],
    [match(F) || _ <- lists:seq(1, 800)],
    [match_utf(F) || _ <- lists:seq(1, 300)],
    file:close(F).

random_int() ->
    Sign = case rand:uniform(2) of 1 -> 1; 2 -> -1 end,
    Sign * (rand:uniform(1 bsl 300) bsr (rand:uniform(301) - 1)).
random_size() ->
    case rand:uniform(4) of
        1 -> 8 * rand:uniform(9);
        2 -> rand:uniform(64);
        3 -> rand:uniform(300);
        4 -> rand:uniform(10) - 1
    end.
random_bits(Max) ->
    N = rand:uniform(Max + 1) - 1,
    <<(rand:uniform(1 bsl (N + 1)) - 1):N>>.
random_float() ->
    case rand:uniform(5) of
        1 -> float(rand:uniform(1000) - 500);
        2 -> (rand:uniform() - 0.5) * math:pow(10, rand:uniform(20) - 10);
        3 -> rand:uniform(100000) - 50000;
        4 -> rand:uniform(1 bsl 200);
        5 -> -math:pow(2, rand:uniform(40) - 28) * (1 + rand:uniform())
    end.
random_point() ->
    case rand:uniform(4) of
        1 -> rand:uniform(128) - 1;
        2 -> rand:uniform(16#800) - 1;
        3 -> rand:uniform(16#d800) - 1;
        4 -> 16#10000 + rand:uniform(16#100000) - 1
    end.

random_segment() ->
    Little = rand:uniform(2) - 1,
    case rand:uniform(8) of
        1 -> {f, lists:nth(rand:uniform(3), [16, 32, 64]), Little, random_float()};
        2 -> {b, all, 1, random_bits(200)};
        3 -> B = random_bits(700), {b, rand:uniform(bit_size(B) + 1) - 1, 1, B};
        4 -> {u8, 0, 0, random_point()};
        5 -> {u16, 0, Little, random_point()};
        6 -> {u32, 0, Little, random_point()};
        _ -> {i, random_size(), Little, random_int()}
    end.

bad_segments() ->
    [{i, 8, 0, foo}, {i, 80, 1, 1.0}, {i, -1, 0, 5}, {i, foo, 0, 5}, {i, 1 bsl 70, 0, 5}, {i, 0, 0, foo},
     {f, 64, 0, foo}, {f, 24, 0, 1.0}, {f, 0, 0, 1.0}, {f, 64, 0, 1 bsl 1100}, {f, 16, 0, 1 bsl 1100}, {f, 24, 0, foo},
     {b, all, 1, foo}, {b, all, 8, <<1:7>>}, {b, 9, 1, <<1>>}, {b, 9, 1, foo}, {b, -9, 1, <<1>>}, {b, all, 16, <<1>>},
     {u8, 0, 0, 16#d800}, {u8, 0, 0, -1}, {u8, 0, 0, foo}, {u8, 0, 0, 16#110000}, {u8, 0, 0, 1 bsl 80},
     {u16, 0, 0, 16#dfff}, {u16, 0, 1, 16#110000}, {u16, 0, 0, foo},
     {u32, 0, 0, 16#d800}, {u32, 0, 1, -5}, {u32, 0, 0, 1.5}].

%% The segments one after the other; one that cannot be built is reported with its place. Sizes and
%% types that a size depends on are looked at first, as the construction of all in one does.
create(F, Segments) ->
    Numbered = lists:zip(lists:seq(1, length(Segments)), Segments),
    Early = [{N, S} || {N, S} <- Numbered, early(S)],
    Late = [{N, S} || {N, S} <- Numbered, not early(S)],
    Errors = [E || {N, S} <- Early ++ Late, {error, _, _, _, _} = E <- [build(N, S)]],
    Result = case Errors of
                 [{error, Reason, N, Type, Info} | _] ->
                     io_lib:format("error ~w ~w ~w ~w", [Reason, N, Type, Info]);
                 [] ->
                     Bits = << <<(build(N, S))/bitstring>> || {N, S} <- Numbered >>,
                     io_lib:format("~w ~s", [bit_size(Bits), hex(Bits)])
             end,
    io:format(F, "C ~s = ~s~n", [lists:join(" ", [segment(S) || S <- Segments]), Result]).

%% Whether what is wrong with a segment is found while sizes are added up.
early({i, Size, _, _}) -> bad_size(Size);
early({f, Size, _, _}) -> bad_size(Size);
early({b, all, _, Value}) -> not is_bitstring(Value);
early({b, Size, _, _}) -> bad_size(Size);
early({u8, _, _, _}) -> true;
early({u32, _, _, _}) -> true;
early({u16, _, _, _}) -> false.
bad_size(Size) -> not is_integer(Size) orelse Size < 0 orelse Size >= 1 bsl 59.

build(N, {Kind, Size, Flags, Value}) ->
    try
        case {Kind, Flags} of
            {i, 0} -> <<Value:Size>>;
            {i, 1} -> <<Value:Size/little>>;
            {f, 0} -> <<Value:Size/float>>;
            {f, 1} -> <<Value:Size/float-little>>;
            {b, 1} when Size =:= all -> <<Value/bitstring>>;
            {b, 8} when Size =:= all -> <<Value/binary>>;
            {b, 16} when Size =:= all -> <<Value/binary-unit:16>>;
            {b, 1} -> <<Value:Size/bitstring>>;
            {u8, 0} -> <<Value/utf8>>;
            {u16, 0} -> <<Value/utf16>>;
            {u16, 1} -> <<Value/utf16-little>>;
            {u32, 0} -> <<Value/utf32>>;
            {u32, 1} -> <<Value/utf32-little>>
        end
    catch
        error:Reason:Trace ->
            [{_, _, _, Extra} | _] = Trace,
            #{cause := {1, Type, Info, _}} = proplists:get_value(error_info, Extra),
            {error, Reason, N, Type, Info}
    end.

segment({Kind, Size, Flags, Value}) ->
    io_lib:format("~w:~s:~w:~s", [Kind, size_text(Size), Flags, value(Value)]).
size_text(Size) when is_integer(Size) -> value(Size);
size_text(Size) -> atom_to_list(Size).
value(Value) when is_integer(Value) -> string:lowercase(integer_to_list(Value, 16));
value(Value) when is_float(Value) -> <<Bits:64>> = <<Value/float>>, "float." ++ value(Bits);
value(Value) when is_atom(Value) -> "atom";
value(Value) -> io_lib:format("bits.~w.~s", [bit_size(Value), hex(Value)]).

hex(Bits) ->
    Pad = (8 - bit_size(Bits) rem 8) rem 8,
    [io_lib:format("~2.16.0b", [B]) || <<B>> <= <<Bits/bitstring, 0:Pad>>].

match(F) ->
    Bits = random_bits(400),
    Offset = rand:uniform(min(20, bit_size(Bits)) + 1) - 1,
    Size = random_size(),
    Flags = rand:uniform(4) - 1,
    <<_:Offset, Rest/bitstring>> = Bits,
    {Type, Used, Value} =
        case {rand:uniform(5), Flags} of
            {1, _} -> N = lists:nth(rand:uniform(3), [16, 32, 64]), {float, N, get_float(Rest, N, Flags band 1)};
            {2, _} -> {bits, Size, case Rest of <<V:Size/bitstring, _/bitstring>> -> value(V); _ -> "none" end};
            {_, 0} -> {integer, Size, case Rest of <<V:Size, _/bitstring>> -> value(V); _ -> "none" end};
            {_, 1} -> {integer, Size, case Rest of <<V:Size/little, _/bitstring>> -> value(V); _ -> "none" end};
            {_, 2} -> {integer, Size, case Rest of <<V:Size/signed, _/bitstring>> -> value(V); _ -> "none" end};
            {_, 3} -> {integer, Size, case Rest of <<V:Size/signed-little, _/bitstring>> -> value(V); _ -> "none" end}
        end,
    io:format(F, "M ~s ~w ~w ~w ~w = ~s~n", [value(Bits), Offset, Type, Used, Flags, Value]).

get_float(Rest, N, 0) -> case Rest of <<V:N/float, _/bitstring>> -> value(V); _ -> "none" end;
get_float(Rest, N, 1) -> case Rest of <<V:N/float-little, _/bitstring>> -> value(V); _ -> "none" end.

match_utf(F) ->
    Offset = rand:uniform(9) - 1,
    Point = random_point(),
    Flags = rand:uniform(2) - 1,
    Kind = lists:nth(rand:uniform(3), [u8, u16, u32]),
    Good = build(1, {Kind, 0, case Kind of u8 -> 0; _ -> Flags end, Point}),
    Damaged = case rand:uniform(3) of
                  1 -> Good;
                  2 -> N = rand:uniform(bit_size(Good)), <<Part:N/bitstring, _/bitstring>> = Good, Part;
                  3 -> N = rand:uniform(bit_size(Good)) - 1, <<A:N/bitstring, B:1, C/bitstring>> = Good, <<A/bitstring, (1 - B):1, C/bitstring>>
              end,
    Bits = <<0:Offset, Damaged/bitstring, (random_bits(10))/bitstring>>,
    <<_:Offset, Rest/bitstring>> = Bits,
    Value = case {Kind, Flags, Rest} of
                {u8, _, <<V/utf8, _/bitstring>>} -> value(V);
                {u16, 0, <<V/utf16, _/bitstring>>} -> value(V);
                {u16, 1, <<V/utf16-little, _/bitstring>>} -> value(V);
                {u32, 0, <<V/utf32, _/bitstring>>} -> value(V);
                {u32, 1, <<V/utf32-little, _/bitstring>>} -> value(V);
                _ -> "none"
            end,
    io:format(F, "M ~s ~w ~w 0 ~w = ~s~n", [value(Bits), Offset, Kind, Flags, Value]).
