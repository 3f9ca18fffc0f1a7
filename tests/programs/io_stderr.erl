%% Standard error and standard output are two streams; each gets what was sent to it.
%% stderr: compare
-module(io_stderr).
-export([main/0]).

main() ->
    io:format("out 1~n"),
    io:format(standard_error, "err ~p~n", [1]),
    io:put_chars(standard_error, <<"err 2\n">>),
    io:format(user, "out ~p~n", [2]),
    io:format(standard_io, "out 3~n", []).
