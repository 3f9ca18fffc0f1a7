%% Garbage in every shape while a structure of every kind of term stays alive and unchanged.
-module(gc_survivors).
-export([main/0]).

main() ->
    Keep = keep(50),
    Hash = erlang:phash2(Keep),
    churn(200, Keep, Hash),
    true = erlang:garbage_collect(),
    true = erlang:phash2(Keep) =:= Hash,
    io:format("~w ~w~n", [Hash, erlang:phash2(lists:reverse(tuple_to_list(Keep)))]).

keep(N) -> {lists:seq(1, N), #{a => [N]}, maps:from_list([{K, {K, float(K)}} || K <- lists:seq(1, N)]), binary:copy(<<"k">>, 500), [1 bsl (K * 7) || K <- lists:seq(1, N)], <<N:13>>, fun lists:map/2, nest(N)}.

nest(0) -> leaf;
nest(N) -> {nest(N - 1), [N | N]}.

churn(0, _, _) -> ok;
churn(N, Keep, Hash) ->
    Junk = {lists:duplicate(1000, N), [float(X) || X <- lists:seq(1, 500)], integer_to_list(N bsl 300), maps:from_list([{X, N} || X <- lists:seq(1, 60)])},
    Hash = erlang:phash2(Keep),
    4 = tuple_size(Junk),
    churn(N - 1, Keep, Hash).
