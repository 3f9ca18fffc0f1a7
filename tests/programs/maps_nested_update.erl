%% Updates of maps in maps, with shared keys, in a loop that collects in between.
-module(maps_nested_update).
-export([main/0]).

main() ->
    M = lists:foldl(fun(N, Acc) -> bump([N rem 5, N rem 7, N rem 3], Acc) end, #{}, lists:seq(1, 30000)),
    io:format("~p~n", [M]).

bump([K], M) ->
    case M of
        #{K := V} -> M#{K := V + 1};
        #{} -> M#{K => 1}
    end;
bump([K | Ks], M) -> M#{K => bump(Ks, maps:get(K, M, #{}))}.
