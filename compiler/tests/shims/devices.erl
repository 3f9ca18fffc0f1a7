%% Reads and writes the standard devices and prints what that answers.
-module(devices).
-export([main/1, shim/1]).

main(Options) ->
    show(fun() -> io:setopts(standard_io, Options) end),
    show(fun() -> options(io:getopts()) end),
    show(fun() -> io:getopts(standard_error) end),
    show(fun() -> io:format("~ts|~n", [[1234, 233, 97]]) end),
    show(fun() -> io:put_chars([233, 10]) end),
    show(fun() -> io:put_chars(<<195, 169, 10>>) end),
    show(fun() -> io:format("~s~n", [[233]]) end),
    show(fun() -> io:format(standard_error, "~ts|~n", [[1234, 233, 97]]) end),
    show(fun() -> io:format("~s~n", [[1234]]) end),
    show(fun() -> io:put_chars(no_text) end),
    show(fun() -> io:put_chars([no_text]) end),
    show(fun() -> io:columns() end),
    show(fun() -> io:get_line("prompt>") end),
    show(fun() -> io:get_line("") end),
    show(fun() -> io:fread("", "~d ~d") end),
    show(fun() -> io:get_chars("", 3) end),
    %% In binary mode this leaves OTP 25's device unusable.
    [show(fun() -> io:read("") end) || Options =:= []],
    show(fun() -> io:setopts([{no_option, 1}]) end),
    show(fun() -> io:get_line("") end),
    show(fun() -> io:format("~ts|~n", [[1234, 233, 97]]) end),
    show(fun() -> io:get_chars("", 300) end),
    show(fun() -> io:get_line("") end),
    show(fun() -> io:request(standard_io, {put_chars, unicode, io_lib, format, ["~p~n", [x]]}) end),
    show(fun() -> io:request(standard_io, {requests, [{put_chars, unicode, "a"}, {put_chars, unicode, "b\n"}]}) end),
    show(fun() -> io:request(standard_io, no_request) end),
    show(fun() -> io:request(standard_error, {get_line, unicode, ""}) end).

%% A function of the shell that completes names is no part of a program.
options(Options) ->
    proplists:delete(expand_fun, Options).

show(Fun) ->
    Shown =
        try
            Fun()
        catch
            Class:Reason:Stack -> {Class, Reason, hd(Stack)}
        end,
    io:format("~p~n", [Shown]).

%% As `main/1`, with the shim's devices in place of OTP's.
shim(Options) ->
    User = whereis(user),
    unregister(user),
    unregister(standard_error),
    group_leader(beamrc_user:start(), self()),
    {Pid, Monitor} = spawn_monitor(?MODULE, main, [Options]),
    receive
        {'DOWN', Monitor, process, Pid, normal} -> ok
    end,
    unregister(user),
    register(user, User),
    halt().
