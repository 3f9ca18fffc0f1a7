%% Matching records with length fields and integers of several widths out of one binary.
-module(binary_packets).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 1000).

run(Rounds) ->
    Packets = << <<(packet(N))/binary>> || N <- lists:seq(1, 20000) >>,
    [parse(Packets, 0, 0) || _ <- lists:seq(1, Rounds)].

packet(N) ->
    Size = N rem 13,
    <<16#ca, 3:4, (N band 15):4, N:32, Size:16/little, 0:(Size * 8), (N * 7):24>>.

parse(<<16#ca, 3:4, Kind:4, Id:32, Size:16/little, Body:Size/binary, Check:24, Rest/binary>>, Count, Sum) ->
    parse(Rest, Count + 1, Sum + Kind + Id + byte_size(Body) + Check);
parse(<<>>, Count, Sum) -> {Count, Sum}.
