%% Processes that begin, send one message and end.
-module(spawn_exit).
-export([main/0, run/1, one/2]).

-define(BATCH, 1000).

main() -> bench:run(fun ?MODULE:run/1, 1000).

run(Rounds) -> lists:sum([batch() || _ <- lists:seq(1, Rounds)]).

batch() ->
    [spawn(?MODULE, one, [self(), I]) || I <- lists:seq(1, ?BATCH)],
    lists:sum([receive {done, I} -> I end || _ <- lists:seq(1, ?BATCH)]).

one(Parent, I) -> Parent ! {done, I}.
