%% Float arithmetic in a tight loop, with the loop variables as arguments.
-module(mandelbrot).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 12).

run(Rounds) -> [lists:sum([point(X / 60 - 2.0, Y / 40 - 1.0, 0.0, 0.0, 200) || X <- lists:seq(0, 159), Y <- lists:seq(0, 79)]) || _ <- lists:seq(1, Rounds)].

point(_, _, _, _, 0) -> 200;
point(CX, CY, X, Y, N) ->
    XX = X * X,
    YY = Y * Y,
    if
        XX + YY > 4.0 -> 200 - N;
        true -> point(CX, CY, XX - YY + CX, 2.0 * X * Y + CY, N - 1)
    end.
