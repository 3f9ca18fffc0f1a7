%% Records with a dozen fields: matched, read and updated in a loop.
-module(tuples_records).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 50000000).

-record(state, {a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7, i = 8, j = 9, k = 10, l = 11}).

run(Rounds) -> loop(Rounds, #state{}).

loop(0, State) -> State;
loop(N, #state{a = A, f = F} = State) when N band 1 =:= 0 -> loop(N - 1, State#state{a = A + N, g = F});
loop(N, State) -> loop(N - 1, State#state{f = State#state.a band 255, l = N, b = State#state.l}).
