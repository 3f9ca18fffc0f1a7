%% What a process had for the inside of a BIF when it ran out of memory is there again for the others.
%% Under erl a limit for each process stands in for that of the system.
%% otp: 27+
%% memory: 300
%% erl: +hmax 8000000 +hmaxk true +hmaxel false +hmaxib true
%% stress: skip
-module(limit_scratch).
-export([main/0]).

main() ->
    erlang:system_flag(system_logger, undefined),
    Bifs = [{maps, fun(Pairs) -> maps:from_list(Pairs) end},
            {external, fun(Pairs) -> binary_to_term(term_to_binary(Pairs)) end},
            {subtracted, fun(Pairs) -> lists:reverse(Pairs) -- [hd(Pairs)] end}],
    [io:format("~p ~p~n", [Name, lists:usort([end_of(Bif) || _ <- lists:seq(1, 8)])]) || {Name, Bif} <- Bifs],
    io:format("~p~n", [length(lists:seq(1, 1000000))]).

end_of(Bif) ->
    {P, R} = spawn_monitor(fun() -> repeat(Bif, [{I, [I]} || I <- lists:seq(1, 300000)], []) end),
    receive {'DOWN', R, process, P, Why} -> Why end.

repeat(Bif, Pairs, Kept) -> repeat(Bif, Pairs, [Bif(Pairs) | Kept]).
