%% Matches of fields that are larger than any bit string.
-module(bin_match_huge_field).
-export([main/0]).

main() ->
    [io:format("~p ~p~n", [huge(Bits), large(Bits)]) || Bits <- [<<>>, <<1>>, <<1:3>>, <<1, 2, 3, 4>>, atom]].

huge(<<A:8, _:18446744073709551616>>) -> {tail, A};
huge(<<A:9223372036854775807, _/bits>>) -> {head, A};
huge(<<_:8, B/bits>>) -> {bytes, B};
huge(Other) -> {other, Other}.

large(<<_:4294967296, A, _/bits>>) -> A;
large(<<A, _:4294967296/unit:8, _/bits>>) -> A;
large(_) -> no.
