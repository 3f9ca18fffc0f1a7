%% References and pids compare, hash to themselves and print in their form.
-module(refs_and_pids).
-export([main/0, id/1]).

main() ->
    R1 = make_ref(),
    R2 = make_ref(),
    io:format("~w~n", [[R1 =:= R1, R1 =:= R2, R1 < R2, is_reference(R1), binary_to_term(term_to_binary(R1)) =:= R1]]),
    S = self(),
    io:format("~w~n", [[S =:= self(), is_pid(S), binary_to_term(term_to_binary(S)) =:= S, list_to_pid(pid_to_list(S)) =:= S, node(S) =:= node()]]),
    io:format("~w~n", [[hd(pid_to_list(S)), lists:last(pid_to_list(S)), string:prefix(ref_to_list(R1), "#Ref<0.") =/= nomatch]]),
    io:format("~w~n", [[erlang:phash2(S) =:= erlang:phash2(S), maps:get(R1, #{R1 => one, R2 => two}), node(), S > R1, S > fun lists:map/2]]),
    io:format("~w~n", [lists:sort([length(lists:usort([make_ref() || _ <- lists:seq(1, 1000)]))])]),
    io:format("~w~n", [[try list_to_pid(id("<0.x.0>")) catch C:R -> {C, R} end]]).

id(X) -> X.
