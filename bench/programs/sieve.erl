%% Lists as sets of candidates: the sieve of Eratosthenes by ordered subtraction.
-module(sieve).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 200).

run(Rounds) -> [length(sieve(lists:seq(2, 20000 + Round))) || Round <- lists:seq(1, Rounds)].

sieve([P | Rest]) when P * P < 20100 -> [P | sieve(strike(Rest, P, P * P))];
sieve(Rest) -> Rest.

strike([N | Rest], P, Next) when N < Next -> [N | strike(Rest, P, Next)];
strike([N | Rest], P, N) -> strike(Rest, P, N + P);
strike([_ | _] = List, P, Next) -> strike(List, P, Next + P);
strike([], _, _) -> [].
