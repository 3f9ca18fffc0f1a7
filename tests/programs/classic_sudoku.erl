%% A small constraint search over maps of possibilities, with throw as the way out.
-module(classic_sudoku).
-export([main/0]).

main() ->
    Puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
    Cells = maps:from_list([{{N div 9, N rem 9}, C - $0} || {N, C} <- lists:zip(lists:seq(0, 80), Puzzle), C =/= $.]),
    try solve(Cells), io:format("none~n")
    catch throw:{solved, S} ->
        [io:format("~s~n", [[maps:get({R, C}, S) + $0 || C <- lists:seq(0, 8)]]) || R <- lists:seq(0, 8)]
    end.

solve(Cells) when map_size(Cells) =:= 81 -> throw({solved, Cells});
solve(Cells) ->
    Open = [{length(P), K, P} || K <- [{R, C} || R <- lists:seq(0, 8), C <- lists:seq(0, 8)], not is_map_key(K, Cells), P <- [possible(K, Cells)]],
    {_, Key, Options} = lists:min(Open),
    lists:foreach(fun(V) -> solve(Cells#{Key => V}) end, Options).

possible({R, C}, Cells) ->
    Used = [maps:get(K, Cells, 0) || I <- lists:seq(0, 8), K <- [{R, I}, {I, C}, {R div 3 * 3 + I div 3, C div 3 * 3 + I rem 3}]],
    lists:seq(1, 9) -- lists:usort(Used).
