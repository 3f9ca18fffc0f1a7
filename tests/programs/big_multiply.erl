%% Products of long numbers, checked against an identity and against modular arithmetic.
-module(big_multiply).
-export([main/0]).

main() ->
    A = number(400, 7),
    B = number(350, 11),
    true = (A + B) * (A - B) =:= A * A - B * B,
    true = (A * B) div A =:= B,
    true = (A * B + 5) rem B =:= 5,
    io:format("~w~n", [A * B]),
    [io:format("~w ", [(A * B) rem P]) || P <- [97, 65537, (1 bsl 61) - 1, (1 bsl 89) - 1]],
    io:nl(),
    io:format("~w~n", [(-A * B) rem ((1 bsl 127) - 1)]).

number(0, _) -> 1;
number(Digits, Seed) -> number(Digits - 1, (Seed * 31 + 7) rem 1000) * 10 + Seed rem 10.
