%% Many large binaries made and dropped: off-heap storage must be freed while the loop runs.
-module(bin_refcounted).
-export([main/0]).

main() ->
    io:format("~w~n", [churn(3000, 0)]),
    Kept = [binary:copy(<<N>>, 100000) || N <- lists:seq(1, 20)],
    io:format("~w~n", [churn(300, 0)]),
    io:format("~w~n", [[binary:at(B, 99999) || B <- Kept]]).

churn(0, Sum) -> Sum;
churn(N, Sum) ->
    B = binary:copy(<<N:32>>, 25000),
    <<_:50000/binary, Half/binary>> = B,
    churn(N - 1, Sum + byte_size(Half)).
