%% While somebody waits for input others print, whoever waits can be ended, and nothing uses processor time.
%% stdin: one\ntwo\n
%% stdin-after: 2500
%% stress: skip
%% otp: 26+
-module(io_while_waiting).
-export([main/0, read/1]).

main() ->
    Reader = spawn(?MODULE, read, [self()]),
    timer:sleep(100),
    io:format("beside~n"),
    io:format("~p~n", [is_process_alive(whereis(user))]),
    io:format(standard_error, "beside~n", []),
    {Before, _} = erlang:statistics(runtime),
    timer:sleep(1500),
    {After, _} = erlang:statistics(runtime),
    io:format("idle ~p~n", [After - Before < 50]),
    receive {read, Reader, Line} -> io:format("~p~n", [Line]) end,
    io:format("~p~n", [io:get_line("")]),
    io:format("~p~n", [io:get_line("")]).

read(Parent) ->
    Parent ! {read, self(), io:get_line("> ")}.
