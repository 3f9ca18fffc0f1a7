%% The first digits of pi by a spigot over big integers.
-module(classic_pidigits).
-export([main/0]).

main() ->
    io:format("~s~n", [digits(200, 1, 0, 1, 1)]).

digits(0, _, _, _, _) -> [];
digits(N, Q, R, T, K) ->
    D1 = (3 * Q + R) div T,
    D2 = (4 * Q + R) div T,
    if
        D1 =:= D2 -> [$0 + D1 | digits(N - 1, 10 * Q, 10 * (R - D1 * T), T, K)];
        true -> digits(N, Q * K, (2 * Q + R) * (2 * K + 1), T * (2 * K + 1), K + 1)
    end.
