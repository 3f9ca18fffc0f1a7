%% Shifts in both directions, by negative counts, across the word size and down to nothing.
-module(arith_shift).
-export([main/0, id/1]).

main() ->
    Counts = [0, 1, 4, 31, 58, 59, 60, 63, 64, 65, 127, 128, 200],
    Numbers = [1, -1, 5, -5, (1 bsl 59) - 1, -(1 bsl 59), (1 bsl 100) + 1, -(1 bsl 100) - 1],
    [io:format("~w: ~w~n", [N, [{id(N) bsl id(C), id(N) bsr id(C), id(N) bsl -id(C), id(N) bsr -id(C)} || C <- Counts]]) || N <- Numbers],
    io:format("~w~n", [[id(0) bsl 100000000000, id(1) bsr 100000000000, id(-1) bsr (1 bsl 70)]]),
    io:format("~w~n", [catch id(1) bsl (1 bsl 70)]).

id(X) -> X.
