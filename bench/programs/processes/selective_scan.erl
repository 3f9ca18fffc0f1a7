%% Receives that pass over ten thousand messages to find theirs.
-module(selective_scan).
-export([main/0, run/1]).

-define(OLD, 10000).

main() -> bench:run(fun ?MODULE:run/1, 10000).

run(Rounds) ->
    [self() ! {old, I} || I <- lists:seq(1, ?OLD)],
    turns(Rounds, 0).

turns(0, Sum) -> Sum;
turns(Rounds, Sum) ->
    self() ! {new, Rounds},
    receive {new, N} -> turns(Rounds - 1, Sum + N) end.
