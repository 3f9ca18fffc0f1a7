%% Bit strings that are no whole bytes: building by comprehension, reading three bits at a time.
-module(bit_strings).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 120).

run(Rounds) ->
    [begin
        Bits = << <<(N * Round):5>> || N <- lists:seq(1, 100000) >>,
        threes(Bits, 0)
    end || Round <- lists:seq(1, Rounds)].

threes(<<N:3, Rest/bits>>, Sum) -> threes(Rest, Sum + N);
threes(_, Sum) -> Sum.
