%% Very deep recursion with little work: Ackermann's function.
-module(ackermann).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 20).

run(Rounds) -> [ack(3, 8 + Round band 1) || Round <- lists:seq(1, Rounds)].

ack(0, N) -> N + 1;
ack(M, 0) -> ack(M - 1, 1);
ack(M, N) -> ack(M - 1, ack(M, N - 1)).
