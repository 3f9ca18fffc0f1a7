%% Tail-recursive loops over integers with a test and an addition.
-module(sum_loop).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 40).

run(Rounds) -> [loop(5000000 + Round, 0) || Round <- lists:seq(1, Rounds)].

loop(0, Sum) -> Sum;
loop(N, Sum) when N band 1 =:= 0 -> loop(N - 1, Sum + N);
loop(N, Sum) -> loop(N - 1, Sum - 1).
