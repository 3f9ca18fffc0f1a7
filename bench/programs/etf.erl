%% The external term format: encoding and decoding of a nested structure.
-module(etf).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 100).

run(Rounds) ->
    Term = [{user, N, "name", <<"binary">>, #{id => N, score => N / 3}, [1 bsl 70, true]} || N <- lists:seq(1, 3000)],
    lists:foldl(fun(_, _) -> erlang:phash2(binary_to_term(term_to_binary(Term))) end, 0, lists:seq(1, Rounds)).
