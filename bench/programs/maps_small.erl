%% Flat maps: matching, exact updates and new versions of a small state.
-module(maps_small).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 5000000).

run(Rounds) -> loop(Rounds, #{count => 0, sum => 0, last => none, kind => even}).

loop(0, State) -> maps:get(sum, State) + maps:get(count, State);
loop(N, #{count := C, sum := S, kind := even} = State) -> loop(N - 1, State#{count := C + 1, sum := S + N, kind := odd});
loop(N, #{count := C, kind := odd} = State) -> loop(N - 1, State#{count := C + 2, last := N, kind := even}).
