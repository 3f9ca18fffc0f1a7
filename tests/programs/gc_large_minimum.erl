%% Collections that are asked for where a heap's least size is none of the sizes that blocks have.
-module(gc_large_minimum).
-export([main/0]).

main() ->
    Sizes = [Size + More || Size <- [1000, 10000, 33000, 100001, 327681, 524289, 1000001], More <- [0, 1, 7777, 50001]],
    io:format("~p~n", [[collected(Size) || Size <- Sizes]]).

collected(Size) ->
    Work = fun() ->
        garbage_collect(),
        List = lists:seq(1, 10),
        garbage_collect(),
        exit({collected, lists:sum(List)})
    end,
    {P, R} = spawn_opt(Work, [monitor, {min_heap_size, Size}]),
    receive {'DOWN', R, process, P, Why} -> Why end.
