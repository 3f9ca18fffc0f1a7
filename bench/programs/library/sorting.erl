%% Sorting of what programs sort: records by key, by a fun, binaries, and without duplicates.
-module(sorting).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 20).

run(Rounds) ->
    Numbers = [X * 7919 rem 100003 || X <- lists:seq(1, 10000)],
    Records = [{record, X, integer_to_binary(X)} || X <- Numbers],
    lists:sum([once(Numbers, Records) || _ <- lists:seq(1, Rounds)]).

once(Numbers, Records) ->
    [{record, Least, _} | _] = lists:keysort(2, Records),
    [{record, Most, _} | _] = lists:sort(fun({record, A, _}, {record, B, _}) -> A >= B end, Records),
    [First | _] = lists:sort([Name || {record, _, Name} <- Records]),
    Few = lists:usort([X rem 100 || X <- Numbers]),
    Least + Most + byte_size(First) + length(Few).
