%% All ways to place eight queens: backtracking with list comprehensions.
-module(classic_queens).
-export([main/0]).

main() ->
    All = queens(8, 8),
    io:format("~w ~w~n", [length(All), hd(All)]).

queens(0, _) -> [[]];
queens(K, N) -> [[Q | Qs] || Qs <- queens(K - 1, N), Q <- lists:seq(1, N), safe(Q, 1, Qs)].

safe(_, _, []) -> true;
safe(Q, D, [H | T]) -> Q =/= H andalso Q =/= H + D andalso Q =/= H - D andalso safe(Q, D + 1, T).
