%% zlib: streams step by step, with every setting, dictionaries, resets and mistakes.
-module(zlib_streams).
-export([main/0]).

main() ->
    [deflated(Level, Bits, Mem, Strategy)
     || Level <- [none, default, best_speed, best_compression, 3, 5],
        {Bits, Mem} <- [{15, 8}, {-15, 9}, {31, 8}, {9, 1}, {12, 4}],
        Strategy <- [default, filtered, huffman_only, rle]],
    pieces(),
    flushes(),
    parameters(),
    dictionaries(),
    safe(),
    ends(),
    owners(),
    mistakes().

deflated(Level, Bits, Mem, Strategy) ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z, Level, deflated, Bits, Mem, Strategy),
    Text = text(9000),
    Bytes = iolist_to_binary([zlib:deflate(Z, Text), zlib:deflate(Z, Text), zlib:deflate(Z, [], finish)]),
    ok = zlib:deflateEnd(Z),
    io:format("~w ~w ~w ~w: ~w ~w~n", [Level, Bits, Mem, Strategy, byte_size(Bytes), erlang:crc32(Bytes)]),
    ok = zlib:inflateInit(Z, Bits),
    Read = iolist_to_binary(zlib:inflate(Z, Bytes)),
    ok = zlib:inflateEnd(Z),
    ok = zlib:close(Z),
    Read = iolist_to_binary([Text, Text]).

%% Pieces as they come and go.
pieces() ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z),
    Out = [zlib:deflate(Z, text(N)) || N <- [0, 1, 10, 5000, 20000]],
    Last = zlib:deflate(Z, text(30), finish),
    ok = zlib:deflateEnd(Z),
    io:format("~p~n", [[iolist_size(O) || O <- Out ++ [Last]]]),
    ok = zlib:inflateInit(Z),
    Bytes = iolist_to_binary([Out, Last]),
    In = [zlib:inflate(Z, [Byte]) || <<Byte>> <= binary:part(Bytes, 0, 500)],
    io:format("~w~n", [[iolist_size(I) || I <- In]]),
    Rest = zlib:inflate(Z, binary:part(Bytes, 500, byte_size(Bytes) - 500)),
    ok = zlib:inflateEnd(Z),
    io:format("~w ~w~n", [iolist_size(Rest), erlang:crc32([In, Rest])]).

flushes() ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z),
    Modes = [{N, Flush} || N <- [5, 3000], Flush <- [none, sync, full]],
    Out = [zlib:deflate(Z, text(N), Flush) || {N, Flush} <- Modes ++ [{5, finish}]],
    io:format("~p~n", [[{iolist_size(O), erlang:crc32(O)} || O <- Out]]),
    io:format("~p~n", [catch_it(fun() -> zlib:deflate(Z, "after the end") end)]),
    ok = zlib:deflateReset(Z),
    io:format("~p~n", [iolist_to_binary(zlib:deflate(Z, "once more", finish))]),
    io:format("~p~n", [zlib:deflateEnd(Z)]).

parameters() ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z, best_speed),
    One = zlib:deflate(Z, text(3000)),
    ok = zlib:deflateParams(Z, best_compression, default),
    Two = zlib:deflate(Z, text(3000)),
    ok = zlib:deflateParams(Z, none, huffman_only),
    Three = zlib:deflate(Z, text(3000), finish),
    ok = zlib:deflateEnd(Z),
    Bytes = iolist_to_binary([One, Two, Three]),
    io:format("~w ~w~n", [byte_size(Bytes), erlang:crc32(Bytes)]),
    io:format("~w~n", [zlib:uncompress(Bytes) =:= iolist_to_binary([text(3000), text(3000), text(3000)])]).

dictionaries() ->
    Dictionary = iolist_to_binary(text(800)),
    [begin
        Z = zlib:open(),
        ok = zlib:deflateInit(Z, default, deflated, Bits, 8, default),
        io:format("~w~n", [zlib:deflateSetDictionary(Z, Dictionary)]),
        Bytes = iolist_to_binary(zlib:deflate(Z, text(900), finish)),
        ok = zlib:deflateEnd(Z),
        io:format("~w ~w~n", [byte_size(Bytes), erlang:crc32(Bytes)]),
        ok = zlib:inflateInit(Z, Bits),
        [ok = zlib:inflateSetDictionary(Z, Dictionary) || Bits < 0],
        Read = case catch_it(fun() -> zlib:inflate(Z, Bytes) end) of
            {error, {need_dictionary, Sum}} ->
                io:format("needs ~w~n", [Sum]),
                io:format("~p~n", [catch_it(fun() -> zlib:inflateSetDictionary(Z, "another") end)]),
                ok = zlib:inflateSetDictionary(Z, Dictionary),
                zlib:inflate(Z, []);
            Whole -> Whole
        end,
        io:format("~w ~w~n", [iolist_to_binary(Read) =:= iolist_to_binary(text(900)),
                              erlang:crc32(zlib:inflateGetDictionary(Z))]),
        ok = zlib:inflateEnd(Z),
        ok = zlib:inflateInit(Z, Bits),
        [io:format("~p~n", [zlib:inflate(Z, Bytes, [{exception_on_need_dict, false}])]) || Bits > 0],
        [io:format("~p~n", [catch_it(fun() -> zlib:safeInflate(Z, []) end)]) || Bits > 0],
        ok = zlib:close(Z)
     end || Bits <- [15, -15]].

%% A small text that stands for a large one, bit by bit.
safe() ->
    Bomb = zlib:gzip(binary:copy(<<0>>, 300000)),
    Z = zlib:open(),
    ok = zlib:inflateInit(Z, 31),
    Sizes = steps(Z, zlib:safeInflate(Z, Bomb)),
    ok = zlib:inflateEnd(Z),
    io:format("~w~n~w~n", [byte_size(Bomb), Sizes]).

steps(Z, {continue, Out}) -> [iolist_size(Out) | steps(Z, zlib:safeInflate(Z, []))];
steps(_, {finished, Out}) -> [iolist_size(Out), finished].

%% What follows the end.
ends() ->
    Twice = [zlib:compress("first"), zlib:compress("second")],
    [begin
        Z = zlib:open(),
        ok = zlib:inflateInit(Z, 15, Behaviour),
        io:format("~w ~p ~p ~p~n", [Behaviour,
            catch_it(fun() -> iolist_to_binary(zlib:inflate(Z, Twice)) end),
            catch_it(fun() -> iolist_to_binary(zlib:inflate(Z, "more")) end),
            catch_it(fun() -> zlib:inflateEnd(Z) end)])
     end || Behaviour <- [cut, reset, error]],
    Z = zlib:open(),
    ok = zlib:inflateInit(Z),
    _ = zlib:inflate(Z, binary:part(zlib:compress("unfinished"), 0, 5)),
    io:format("~p~n", [catch_it(fun() -> zlib:inflateEnd(Z) end)]),
    ok = zlib:deflateInit(Z),
    _ = zlib:deflate(Z, "unfinished"),
    io:format("~p~n", [catch_it(fun() -> zlib:deflateEnd(Z) end)]),
    ok = zlib:inflateInit(Z),
    _ = zlib:inflate(Z, zlib:compress("one")),
    ok = zlib:inflateReset(Z),
    io:format("~p~n", [iolist_to_binary(zlib:inflate(Z, zlib:compress("two")))]).

owners() ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z),
    Self = self(),
    Ask = fun() -> Self ! {self(), catch_it(fun() -> iolist_size(zlib:deflate(Z, "text", finish)) end)} end,
    Other = spawn(Ask),
    receive {Other, Refused} -> io:format("~p~n", [Refused]) end,
    New = spawn(fun() -> receive go -> Ask() end end),
    ok = zlib:set_controlling_process(Z, New),
    New ! go,
    receive {New, Done} -> io:format("~p~n", [Done]) end,
    io:format("~p~n", [catch_it(fun() -> zlib:close(Z) end)]),
    io:format("~p~n", [catch_it(fun() -> zlib:set_controlling_process(zlib:open(), nobody) end)]).

mistakes() ->
    Z = zlib:open(),
    Closed = zlib:open(),
    ok = zlib:close(Closed),
    Deflating = zlib:open(),
    ok = zlib:deflateInit(Deflating),
    Inflating = zlib:open(),
    ok = zlib:inflateInit(Inflating),
    Calls = [
        fun() -> zlib:close(make_ref()) end,
        fun() -> zlib:close(Closed) end,
        fun() -> zlib:deflate(Z, "x") end,
        fun() -> zlib:deflate(Inflating, "x") end,
        fun() -> zlib:deflate(Deflating, not_iodata) end,
        fun() -> zlib:deflate(Deflating, "x", now) end,
        fun() -> zlib:inflate(Deflating, "x") end,
        fun() -> zlib:inflate(Inflating, "this is not compressed") end,
        fun() -> zlib:deflateInit(Deflating) end,
        fun() -> zlib:deflateInit(Closed) end,
        fun() -> zlib:deflateInit(Z, 10) end,
        fun() -> zlib:deflateInit(Z, fast) end,
        fun() -> zlib:deflateInit(Z, default, inflated, 15, 8, default) end,
        fun() -> zlib:deflateInit(Z, default, deflated, 7, 8, default) end,
        fun() -> zlib:deflateInit(Z, default, deflated, -8, 8, default) end,
        fun() -> zlib:deflateInit(Z, default, deflated, 47, 8, default) end,
        fun() -> zlib:deflateInit(Z, default, deflated, 15, 10, default) end,
        fun() -> zlib:deflateInit(Z, default, deflated, 15, 8, slow) end,
        fun() -> zlib:inflateInit(Z, 16) end,
        fun() -> zlib:inflateEnd(Z) end,
        fun() -> zlib:inflateInit(Z, 15, stop) end,
        fun() -> zlib:deflateSetDictionary(Z, "x") end,
        fun() -> zlib:deflateSetDictionary(Deflating, x) end,
        fun() -> zlib:inflateSetDictionary(Inflating, "x") end,
        fun() -> zlib:inflateGetDictionary(Z) end,
        fun() -> zlib:deflateParams(Z, default, default) end,
        fun() -> zlib:deflateReset(Inflating) end,
        fun() -> zlib:deflateEnd(Z) end,
        fun() -> zlib:inflateReset(Deflating) end
    ],
    [io:format("~p~n", [where(Call)]) || Call <- Calls].

%% The failure, and where zlib noticed it.
where(Call) ->
    try Call()
    catch
        Class:Reason:Stack ->
            {M, F, Args, _} = hd(Stack),
            {Class, Reason, M, F, if is_list(Args) -> length(Args); true -> Args end}
    end.

catch_it(Fun) ->
    try Fun()
    catch Class:Reason -> {Class, Reason}
    end.

text(N) ->
    [integer_to_list(I * I rem 9973) || I <- lists:seq(1, N)].
