%% Backtracking with list comprehensions: all solutions for nine queens.
-module(nqueens).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 120).

run(Rounds) -> [length(queens(9, 9)) || _ <- lists:seq(1, Rounds)].

queens(0, _) -> [[]];
queens(K, N) -> [[Q | Qs] || Qs <- queens(K - 1, N), Q <- lists:seq(1, N), safe(Q, 1, Qs)].

safe(_, _, []) -> true;
safe(Q, D, [H | T]) -> Q =/= H andalso Q =/= H + D andalso Q =/= H - D andalso safe(Q, D + 1, T).
