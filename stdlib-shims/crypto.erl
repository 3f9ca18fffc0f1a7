%% OTP's crypto without its library in C: its natives are those of the runtime. What has none here
%% is not among the algorithms.
-module(crypto).

-export([on_load/0, info_lib/0, info_nif/0, info_fips/0]).
-export([hash_algorithms/0, pubkey_algorithms/0, cipher_algorithms/0, mac_algorithms/0]).
-export([curve_algorithms/0, rsa_opts_algorithms/0]).
-export([rand_uniform_nif/2, strong_rand_range_nif/1]).

on_load() ->
    ok.

info_lib() ->
    [{<<"RustCrypto">>, 0, <<"RustCrypto">>}].

info_nif() ->
    #{
        compile_type => normal,
        link_type => static,
        cryptolib_version_compiled => "RustCrypto",
        cryptolib_version_linked => "RustCrypto",
        fips_provider_available => false
    }.

info_fips() ->
    not_supported.

hash_algorithms() ->
    [
        blake2s, blake2b, sm3, shake256, shake128, sha3_512, sha3_384, sha3_256, sha3_224, sha512,
        sha384, sha256, sha224, sha, ripemd160, md5, md4
    ].

mac_algorithms() -> [hmac].

pubkey_algorithms() -> [].

cipher_algorithms() -> [].

curve_algorithms() -> [].

rsa_opts_algorithms() -> [].

%% Numbers here are binaries with their size in front.
rand_uniform_nif(<<FromSize:32, From:FromSize/unit:8>>, <<ToSize:32, To:ToSize/unit:8>>) when From < To ->
    Number = below(To - From) + From,
    Bytes = binary:encode_unsigned(Number),
    <<(byte_size(Bytes)):32, Bytes/binary>>.

strong_rand_range_nif(Range) ->
    binary:encode_unsigned(below(binary:decode_unsigned(Range))).

below(Range) ->
    Bytes = crypto:strong_rand_bytes(byte_size(binary:encode_unsigned(Range))),
    Number = binary:decode_unsigned(Bytes),
    Limit = 1 bsl (8 * byte_size(Bytes)),
    if
        %% Every remainder is as likely as any other.
        Number < Limit - Limit rem Range -> Number rem Range;
        true -> below(Range)
    end.
