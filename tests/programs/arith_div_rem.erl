%% Truncated division and remainder of small and big integers for every combination of signs.
-module(arith_div_rem).
-export([main/0, id/1]).

main() ->
    Numbers = [17, -17, 1 bsl 59, -(1 bsl 59), (1 bsl 64) + 3, -((1 bsl 64) + 3), (1 bsl 200) + 11, -((1 bsl 200) + 11)],
    [check(id(A), id(B)) || A <- Numbers, B <- [3, -3 | Numbers]],
    ok.

check(A, B) ->
    Q = A div B,
    R = A rem B,
    true = Q * B + R =:= A,
    true = abs(R) < abs(B),
    true = (R =:= 0) orelse ((R < 0) =:= (A < 0)),
    io:format("~w ~w~n", [Q, R]).

id(X) -> X.
