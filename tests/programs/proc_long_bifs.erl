%% Functions of the runtime that take long, in as many processes as there are schedulers, hold up
%% nobody. Timers of another process are not late by more than a small part of what they take.
-module(proc_long_bifs).
-export([main/0]).

main() ->
    Big = lists:seq(1, 2000000),
    Power = 1 bsl 2000000 - 1,
    check(term_to_binary, fun() -> term_to_binary(Big) end),
    check(reverse, fun() -> lists:reverse(Big) end),
    check(multiply, fun() -> Power * Power end),
    check(collect, fun() -> erlang:garbage_collect() end).

check(Name, Work) ->
    Count = erlang:system_info(schedulers_online),
    Workers = [spawn_link(fun() -> repeat(Work) end) || _ <- lists:seq(1, Count)],
    Late = lists:sort([late() || _ <- lists:seq(1, 20)]),
    [begin unlink(W), exit(W, kill) end || W <- Workers],
    io:format("~p ~p~n", [Name, in_time(lists:nth(10, Late))]).

repeat(Work) ->
    Work(),
    repeat(Work).

late() ->
    Start = erlang:monotonic_time(millisecond),
    receive after 1 -> ok end,
    erlang:monotonic_time(millisecond) - Start - 1.

%% Generous, for a machine that does other things as well.
in_time(Milliseconds) when Milliseconds < 150 -> true;
in_time(Milliseconds) -> {late_by, Milliseconds}.
