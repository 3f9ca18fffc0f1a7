%% Results that leave the small-integer range by one on either side, and come back.
-module(arith_overflow).
-export([main/0, id/1]).

main() ->
    Max = (1 bsl 59) - 1,
    Min = -(1 bsl 59),
    io:format("~w~n", [[id(Max) + 1, id(Min) - 1, -id(Min), abs(id(Min)), id(Min) * -1, id(Min) div -1]]),
    io:format("~w~n", [[id(Max) + 1 - 1, id(Min) - 1 + 1, id(Max) * id(Max), id(Min) * id(Min)]]),
    io:format("~w~n", [[id(Max + 1) - 1 =:= Max, id(Min - 1) + 1 =:= Min]]),
    io:format("~w~n", [[id(1 bsl 62) + id(1 bsl 62), id(1 bsl 63) - 1, id(-(1 bsl 63)) - 1]]),
    io:format("~w~n", [[id(1 bsl 64) - id(1 bsl 64), id(1 bsl 30) * id(1 bsl 29), id(1 bsl 30) * id(1 bsl 30)]]),
    io:format("~w~n", [count(id(Max) - 3, 6, [])]).

count(_, 0, Seen) -> lists:reverse(Seen);
count(N, Left, Seen) -> count(N + 1, Left - 1, [N | Seen]).

id(X) -> X.
