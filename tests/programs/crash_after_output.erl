%% What was printed before a crash arrives whole, and before the report.
%% exit: 1
%% stderr: compare
%% otp: 27+
-module(crash_after_output).
-export([main/0]).

main() ->
    io:format("line 1~n"),
    io:put_chars(lists:duplicate(20000, $x)),
    io:format("~nno new line"),
    timer:sleep(100),
    error(done).
