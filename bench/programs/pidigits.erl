%% Big integers that grow: the first 1,000 digits of pi by a spigot.
-module(pidigits).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 3).

run(Rounds) -> [erlang:phash2(digits(1000, 1, 0, 1, 1)) || _ <- lists:seq(1, Rounds)].

digits(0, _, _, _, _) -> [];
digits(N, Q, R, T, K) ->
    D = (3 * Q + R) div T,
    case (4 * Q + R) div T of
        D -> [$0 + D | digits(N - 1, 10 * Q, 10 * (R - D * T), T, K)];
        _ -> digits(N, Q * K, (2 * Q + R) * (2 * K + 1), T * (2 * K + 1), K + 1)
    end.
