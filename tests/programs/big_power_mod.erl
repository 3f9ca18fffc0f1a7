%% Square and multiply modulo a large prime: big multiplication and remainder in a loop.
-module(big_power_mod).
-export([main/0]).

main() ->
    P = (1 bsl 521) - 1,
    io:format("~w~n", [power(3, P - 1, P)]),
    io:format("~w~n", [power(2, 12345678901234567890, (1 bsl 127) - 1)]),
    io:format("~w~n", [gcd(power(6, 200, 1 bsl 2000), power(10, 150, 1 bsl 2000))]).

power(_, 0, _) -> 1;
power(Base, Exponent, Modulus) when Exponent band 1 =:= 0 ->
    power(Base * Base rem Modulus, Exponent bsr 1, Modulus);
power(Base, Exponent, Modulus) ->
    Base * power(Base, Exponent - 1, Modulus) rem Modulus.

gcd(A, 0) -> A;
gcd(A, B) -> gcd(B, A rem B).
