%% Negative zero equals zero in arithmetic; its sign survives in text and in bytes.
%% otp: 27+
-module(float_negative_zero).
-export([main/0, id/1]).

main() ->
    N = id(-0.0),
    P = id(0.0),
    io:format("~w ~w ~w ~w~n", [N, P, N == P, N =:= P]),
    io:format("~w ~w~n", [<<N/float>>, <<P/float>>]),
    io:format("~w~n", [[N + P, N - P, N * 1, -P, 0 * -1.0]]),
    io:format("~w~n", [maps:size(#{N => a, P => b})]),
    io:format("~w~n", [case N of 0.0 -> positive; _ -> other end]).

id(X) -> X.
