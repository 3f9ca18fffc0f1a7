%% Selective receive out of a long queue keeps the order of what it skips.
-module(receive_selective).
-export([main/0]).

main() ->
    [self() ! {n, N} || N <- lists:seq(1, 2000)],
    Even = [receive {n, N} when N =:= K -> N end || K <- lists:seq(2, 2000, 2)],
    show(lists:sum(Even)),
    self() ! last,
    show(receive last -> last end),
    Odd = drain(),
    show([length(Odd), Odd =:= lists:seq(1, 1999, 2)]).

drain() -> receive {n, N} -> [N | drain()] after 0 -> [] end.

show(X) -> io:format("~w~n", [X]).
