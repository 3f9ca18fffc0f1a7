%% phash2 over terms of all kinds, large and small.
-module(hashing).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 240).

run(Rounds) ->
    Terms = [lists:seq(1, 1000), {a, "text", <<"binary">>, 1.5}, binary:copy(<<"0123456789">>, 500), maps:from_list([{N, N} || N <- lists:seq(1, 20)]), [{key, N, atom} || N <- lists:seq(1, 200)], 1 bsl 500],
    [lists:foldl(fun(T, Acc) -> Acc bxor erlang:phash2({T, N}) end, 0, Terms) || N <- lists:seq(1, Rounds * 40)].
