%% Comparing and copying structures: equality, order and ordsets over nested terms.
-module(terms_compare).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 50).

run(Rounds) ->
    Items = [{N * 7919 rem 10007, [N rem 10, {x, N}], <<N:16>>} || N <- lists:seq(1, 10000)],
    [begin
        Set = ordsets:from_list(Items),
        Same = ordsets:from_list(lists:reverse(Items)),
        {Set =:= Same, length(ordsets:intersection(Set, lists:sublist(Same, 5000))), lists:max(Items)}
    end || _ <- lists:seq(1, Rounds)].
