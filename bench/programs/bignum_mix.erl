%% Big integers of a few words: modular exponentiation and greatest common divisors.
-module(bignum_mix).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 2000).

run(Rounds) -> lists:foldl(fun(N, Acc) -> power(N + 3, (1 bsl 126) - 3, (1 bsl 127) - 1) bxor gcd(Acc + (1 bsl 200), N bsl 150 + 7) end, 1, lists:seq(1, Rounds * 5)).

power(_, 0, _) -> 1;
power(Base, Exponent, Modulus) when Exponent band 1 =:= 0 -> power(Base * Base rem Modulus, Exponent bsr 1, Modulus);
power(Base, Exponent, Modulus) -> Base * power(Base, Exponent - 1, Modulus) rem Modulus.

gcd(A, 0) -> A;
gcd(A, B) -> gcd(B, A rem B).
