%% Matching a binary byte by byte: a scanner for words and numbers.
-module(binary_match).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 400).

run(Rounds) ->
    Text = binary:copy(<<"The quick brown fox 12345 jumps over 6789 lazy dogs; ">>, 4000),
    [scan(Text, 0, 0, 0) || _ <- lists:seq(1, Rounds)].

scan(<<C, Rest/binary>>, Words, Numbers, Sum) when C >= $a, C =< $z; C >= $A, C =< $Z -> word(Rest, Words + 1, Numbers, Sum);
scan(<<C, Rest/binary>>, Words, Numbers, Sum) when C >= $0, C =< $9 -> number(Rest, Words, Numbers + 1, Sum, C - $0);
scan(<<_, Rest/binary>>, Words, Numbers, Sum) -> scan(Rest, Words, Numbers, Sum);
scan(<<>>, Words, Numbers, Sum) -> {Words, Numbers, Sum}.

word(<<C, Rest/binary>>, Words, Numbers, Sum) when C >= $a, C =< $z -> word(Rest, Words, Numbers, Sum);
word(Rest, Words, Numbers, Sum) -> scan(Rest, Words, Numbers, Sum).

number(<<C, Rest/binary>>, Words, Numbers, Sum, N) when C >= $0, C =< $9 -> number(Rest, Words, Numbers, Sum, N * 10 + C - $0);
number(Rest, Words, Numbers, Sum, N) -> scan(Rest, Words, Numbers, Sum + N).
