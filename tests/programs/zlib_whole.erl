%% zlib: whole texts compressed and read back, byte by byte as OTP does; what is damaged.
-module(zlib_whole).
-export([main/0]).

main() ->
    [whole(Name, Data) || {Name, Data} <- texts()],
    [damaged(Data) || Data <- [<<>>, <<"short">>, <<"not compressed at all">>, not_a_binary, [256],
                               [<<1:7>>], damage(zlib:compress(text(3000)))]],
    [io:format("~p~n", [try_it(fun() -> zlib:gunzip(Data) end)])
     || Data <- [<<>>, zlib:compress("a"), [zlib:gzip("one "), zlib:gzip("two ") | zlib:gzip("three")],
                 <<(zlib:gzip("with more behind"))/binary, "more">>]],
    io:format("~p~n", [try_it(fun() -> zlib:unzip(zlib:compress("with a head")) end)]),
    io:format("~p~n", [try_it(fun() -> zlib:unzip(<<(zlib:zip("cut off"))/binary, "more">>) end)]),
    terms().

whole(Name, Data) ->
    Compressed = zlib:compress(Data),
    Zipped = zlib:zip(Data),
    Gzipped = zlib:gzip(Data),
    Bytes = iolist_to_binary(Data),
    Bytes = zlib:uncompress(Compressed),
    Bytes = zlib:unzip(Zipped),
    Bytes = zlib:gunzip(Gzipped),
    io:format("~s: ~w bytes~n", [Name, byte_size(Bytes)]),
    [io:format("  ~w ~w~n", [byte_size(B), sum(B)]) || B <- [Compressed, Zipped, Gzipped]].

texts() ->
    [{"empty", []},
     {"a byte", <<"x">>},
     {"a list", ["iodata", $\s, [<<"of ">>, "several"], <<" parts">>]},
     {"zeros", binary:copy(<<0>>, 100000)},
     {"numbers", text(40000)},
     {"noise", noise(70000)},
     {"pieces", [[noise(N), text(N)] || N <- lists:seq(1, 400)]}].

text(N) ->
    [integer_to_list(I * I rem 9973) || I <- lists:seq(1, N)].

noise(N) ->
    noise(N, 17, <<>>).

noise(0, _, Bytes) -> Bytes;
noise(N, Seed, Bytes) ->
    Next = (Seed * 1103515245 + 12345) band 16#7fffffff,
    noise(N - 1, Next, <<Bytes/binary, (Next bsr 16)>>).

damage(Bytes) ->
    Half = byte_size(Bytes) div 2,
    <<Before:Half/binary, Byte, After/binary>> = Bytes,
    <<Before/binary, (255 - Byte), After/binary>>.

damaged(Data) ->
    io:format("~p~n", [[try_it(fun() -> zlib:F(Data) end) || F <- [uncompress, unzip, gunzip, compress]]]).

try_it(Fun) ->
    try Fun() of
        Bytes -> {byte_size(Bytes), sum(Bytes)}
    catch
        Class:Reason -> {Class, Reason}
    end.

sum(Bytes) ->
    {erlang:crc32(Bytes), erlang:adler32(Bytes)}.

%% Terms in the external format, compressed.
terms() ->
    Terms = [lists:seq(1, 100000), {noise(5000), noise(5000)}, "short", text(20000)],
    [begin
        Bytes = term_to_binary(Term, [Compressed]),
        true = Term =:= binary_to_term(Bytes),
        io:format("~w ~w ~w~n", [Compressed, byte_size(Bytes), sum(Bytes)])
     end || Term <- Terms, Compressed <- [compressed | [{compressed, L} || L <- lists:seq(0, 9)]]],
    Compressed = term_to_binary(text(100), [compressed]),
    <<131, 80, Size:32, Rest/binary>> = Compressed,
    {_, Used} = binary_to_term(<<Compressed/binary, "more">>, [used]),
    io:format("~w~n", [Used =:= byte_size(Compressed)]),
    [io:format("~p~n", [try binary_to_term(Bad) catch error:Reason -> Reason end])
     || Bad <- [damage(Compressed), <<131, 80, (Size + 1):32, Rest/binary>>, <<131, 80, (Size - 1):32, Rest/binary>>,
                <<131, 80, 1:32>>, <<131, 80>>, binary:part(Compressed, 0, byte_size(Compressed) - 5)]].
