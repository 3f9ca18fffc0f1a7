%% The module timer, whose server comes into being on first use.
%% otp: 27+
-module(timer_module).
-export([main/0]).

main() ->
    {ok, _} = timer:send_after(20, one),
    {ok, I} = timer:send_interval(5, tick),
    [receive tick -> ok end || _ <- lists:seq(1, 3)],
    {ok, cancel} = timer:cancel(I),
    receive one -> io:format("one~n") end,
    Self = self(),
    {ok, _} = timer:apply_after(1, erlang, send, [Self, applied]),
    receive applied -> io:format("applied~n") end,
    {ok, R} = timer:apply_interval(1, fun() -> Self ! again end),
    [receive again -> ok end || _ <- [1, 2]],
    {ok, cancel} = timer:cancel(R),
    {ok, _} = timer:exit_after(1, spawn(fun() -> receive never -> ok end end), bye),
    {Time, 7} = timer:tc(fun() -> timer:sleep(3), 7 end),
    io:format("~p ~p ~p~n", [Time >= 3000, timer:hms(1, 2, 3), timer:send_after(-1, x)]),
    io:format("~p~n", [is_pid(whereis(timer_server))]).
