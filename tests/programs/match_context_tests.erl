%% Tests of bit strings where the compiler keeps a match context: the matches that follow look at no bits.
%% otp: 26+
-module(match_context_tests).
-export([main/0]).

main() ->
    [io:format("~p~n", [try generate(Bits) catch Class:Reason -> {Class, Reason} end]) || Bits <- values()],
    [io:format("~p~n", [try rest_is_binary(Bits) catch Class:Reason -> {Class, Reason} end]) || Bits <- values()],
    io:format("~p~n", [try update(id(#{a => 1})) catch Class:Reason -> {Class, Reason} end]),
    io:format("~p ~p~n", [?MODULE:module_info(native), lists:module_info(native)]).

values() -> [<<42>>, <<>>, <<1:3>>, <<1, 2, 3>>, <<1, 2, 3:7>>, atom, [1], {1, 2}, 17, 1.5, #{}].

id(X) -> X.

generate(<<_:8>>) -> ok;
generate(Bits) ->
    try << (ok) || <<_:ok>> <= Bits>> after ok end.

rest_is_binary(<<_:8, Rest/bits>>) when is_binary(Rest) -> {binary, Rest};
rest_is_binary(<<_:3, Rest/bits>>) when is_bitstring(Rest) -> {bits, Rest};
rest_is_binary(_) -> no.

%% Of several keys that are not there, the least is told.
update(Map) -> Map#{42.0 := v, 42 := v2, "x" := 1}.
