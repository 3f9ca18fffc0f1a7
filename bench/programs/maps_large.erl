%% Hash tries: building, looking up, updating and removing a hundred thousand keys.
-module(maps_large).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 3).

run(Rounds) -> [round(100000, N) || N <- lists:seq(1, Rounds)].

round(Size, Seed) ->
    Map = fill(Size, Seed, #{}),
    Sum = look_up(Size, Seed, Map, 0),
    Half = empty(Size div 2, Seed, Map),
    {Sum, map_size(Half)}.

fill(0, _, Map) -> Map;
fill(N, Seed, Map) -> fill(N - 1, Seed, Map#{N * 7919 bxor Seed => N}).

look_up(0, _, _, Sum) -> Sum;
look_up(N, Seed, Map, Sum) -> look_up(N - 1, Seed, Map, Sum + maps:get(N * 7919 bxor Seed, Map)).

empty(0, _, Map) -> Map;
empty(N, Seed, Map) -> empty(N - 1, Seed, maps:remove(N * 7919 bxor Seed, Map)).
