%% Calls with three arguments: Takeuchi's function.
-module(tak).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 300).

run(Rounds) -> [tak(18, 12, 6 + Round band 1) || Round <- lists:seq(1, Rounds * 10)].

tak(X, Y, Z) when Y >= X -> Z;
tak(X, Y, Z) -> tak(tak(X - 1, Y, Z), tak(Y - 1, Z, X), tak(Z - 1, X, Y)).
