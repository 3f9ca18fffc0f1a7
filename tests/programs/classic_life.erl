%% Conway's game of life on a set of cells, printed generation by generation.
-module(classic_life).
-export([main/0]).

main() ->
    Glider = sets:from_list([{1, 0}, {2, 1}, {0, 2}, {1, 2}, {2, 2}], [{version, 2}]),
    run(Glider, 4).

run(_, 0) -> ok;
run(Cells, N) ->
    [io:format("~s~n", [[case sets:is_element({X, Y}, Cells) of true -> $#; false -> $. end || X <- lists:seq(0, 5)]]) || Y <- lists:seq(0, 5)],
    io:nl(),
    run(step(Cells), N - 1).

step(Cells) ->
    Counts = lists:foldl(
        fun({X, Y}, Acc) ->
            lists:foldl(fun(P, A) -> maps:update_with(P, fun(C) -> C + 1 end, 1, A) end, Acc,
                [{X + DX, Y + DY} || DX <- [-1, 0, 1], DY <- [-1, 0, 1], {DX, DY} =/= {0, 0}])
        end, #{}, sets:to_list(Cells)),
    sets:from_list([P || {P, C} <- maps:to_list(Counts), C =:= 3 orelse (C =:= 2 andalso sets:is_element(P, Cells))], [{version, 2}]).
