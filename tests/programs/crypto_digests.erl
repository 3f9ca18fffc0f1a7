%% crypto: digests, authentication codes and derived keys by every algorithm; mistakes.
%% otp: 27+
-module(crypto_digests).
-export([main/0]).

main() ->
    [digests(Type) || Type <- types()],
    [io:format("~w ~kp~n", [Type, crypto:hash_info(Type)]) || Type <- types() ++ [shake128, shake256]],
    [io:format("~w ~s~n", [Type, hex(crypto:hash_xof(Type, text(100), Bits))]) || Type <- [shake128, shake256], Bits <- [8, 128, 1024]],
    states(),
    keys(),
    bytes(),
    mistakes().

types() ->
    [md4, md5, ripemd160, sha, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512,
     blake2b, blake2s, sm3].

digests(Type) ->
    io:format("~w~n", [Type]),
    [io:format("  ~s~n", [hex(crypto:hash(Type, Data))]) || Data <- [<<>>, "abc", text(63), text(64), text(300), text(20000)]],
    [io:format("  ~s~n", [hex(crypto:mac(hmac, Type, Key, text(500)))]) || Key <- [<<>>, "key", text(40), text(200)]],
    io:format("  ~p~n", [refused(fun() -> hex(crypto:pbkdf2_hmac(Type, <<"password">>, <<"salt">>, 3, 70)) end)]).

text(N) ->
    [[integer_to_list(I), $\s] || I <- lists:seq(1, N)].

states() ->
    One = crypto:hash_update(crypto:hash_init(sha256), "one"),
    Two = crypto:hash_update(One, text(10000)),
    Three = crypto:hash_update(One, "three"),
    [io:format("~s~n", [hex(crypto:hash_final(State))]) || State <- [One, Two, Three, One]],
    Mac = crypto:mac_init(hmac, sha512, "key"),
    Mac2 = crypto:mac_update(crypto:mac_update(Mac, "one"), [<<"two">>, "three"]),
    io:format("~s~n", [hex(crypto:mac_finalN(Mac2, 20))]),
    io:format("~w~n", [crypto:macN(hmac, sha, "key", "text", 4)]).

keys() ->
    [io:format("~s~n", [hex(crypto:pbkdf2_hmac(sha256, <<"secret">>, <<1, 2, 3>>, Rounds, Size))])
     || Rounds <- [1, 2, 1000], Size <- [1, 32, 100]].

bytes() ->
    io:format("~w~n", [[byte_size(crypto:strong_rand_bytes(N)) || N <- [0, 1, 16, 100000]]]),
    true = crypto:strong_rand_bytes(16) =/= crypto:strong_rand_bytes(16),
    Numbers = [crypto:rand_uniform(-5, 300) || _ <- lists:seq(1, 1000)],
    io:format("~w~n", [{lists:all(fun(N) -> N >= -5 andalso N < 300 end, Numbers), length(lists:usort(Numbers)) > 200}]),
    io:format("~p~n", [crypto:exor("abc", [<<1, 2>>, 3])]),
    io:format("~p~n", [[crypto:hash_equals(<<"same">>, Other) || Other <- [<<"same">>, <<"lame">>]]]),
    io:format("~p~n", [crypto:bytes_to_integer(<<1, 2, 3>>)]).

mistakes() ->
    Calls = [
        fun() -> crypto:hash(nonsense, "x") end,
        fun() -> crypto:hash(sha, not_iodata) end,
        fun() -> crypto:hash_init("sha") end,
        fun() -> crypto:hash_update(make_ref(), "x") end,
        fun() -> crypto:hash_final(state) end,
        fun() -> crypto:hash_info(nonsense) end,
        fun() -> crypto:mac(hmac, nonsense, "key", "x") end,
        fun() -> crypto:mac(nonsense, sha, "key", "x") end,
        fun() -> crypto:mac(hmac, sha, "key", x) end,
        fun() -> crypto:mac_init(hmac, nonsense, "key") end,
        fun() -> crypto:mac_update(make_ref(), "x") end,
        fun() -> Mac = crypto:mac_init(hmac, sha, "key"), crypto:mac_final(Mac), crypto:mac_final(Mac) end,
        fun() -> Mac = crypto:mac_init(hmac, sha, "key"), crypto:mac_final(Mac), crypto:mac_update(Mac, "x") end,
        fun() -> crypto:macN(hmac, sha, "key", "x", 100) end,
        fun() -> crypto:strong_rand_bytes(-1) end,
        fun() -> crypto:rand_uniform(5, 5) end,
        fun() -> crypto:exor("abc", "ab") end,
        fun() -> crypto:hash_equals(<<"a">>, <<"ab">>) end,
        fun() -> crypto:hash_equals("ab", <<"ab">>) end,
        fun() -> crypto:pbkdf2_hmac(sha, "not binary", <<"s">>, 1, 16) end,
        fun() -> crypto:pbkdf2_hmac(nonsense, <<"p">>, <<"s">>, 1, 16) end,
        fun() -> crypto:pbkdf2_hmac(sha, <<"p">>, <<"s">>, 0, 16) end,
        fun() -> crypto:pbkdf2_hmac(sha, <<"p">>, <<"s">>, 1, 0) end
    ],
    [io:format("~p~n", [refused(Call)]) || Call <- Calls].

%% Without the line of OTP's C code, which is another one in every release.
refused(Call) ->
    try Call() of
        Result -> Result
    catch
        error:{Kind, {File, _}, Text}:Stack ->
            {M, F, A, _} = hd(Stack),
            {Kind, File, Text, M, F, length(A)};
        Class:Reason -> {Class, Reason}
    end.

hex(Bytes) -> binary:encode_hex(Bytes).
