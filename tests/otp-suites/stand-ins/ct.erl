%% ct: what OTP's suites call of Common Test.
-module(ct).
-export([fail/1, fail/2, sleep/1, timetrap/1, comment/1, comment/2, get_status/0, get_progname/0]).
-export([log/1, log/2, log/3, log/4, log/5, pal/1, pal/2, pal/3, pal/4, pal/5, print/1, print/2, print/3]).
-export([get_config/1, get_config/2, get_config/3, get_timetrap_info/0, abort_current_testcase/1]).
-export([capture_start/0, capture_stop/0, capture_get/0, capture_get/1]).

fail(Why) -> exit({test_case_failed, Why}).
fail(Format, Arguments) -> fail(lists:flatten(io_lib:format(Format, Arguments))).

sleep({hours, Hours}) -> sleep(Hours * 3600000);
sleep({minutes, Minutes}) -> sleep(Minutes * 60000);
sleep({seconds, Seconds}) -> sleep(Seconds * 1000);
sleep(infinity) -> timer:sleep(infinity);
sleep(Milliseconds) -> timer:sleep(trunc(Milliseconds)).

%% The runner has its own limits.
timetrap(_) -> ok.
get_timetrap_info() -> {infinity, {false, 1}}.

comment(_) -> ok.
comment(_, _) -> ok.
get_status() -> no_tests_running.
get_progname() -> "erl".
get_config(_) -> undefined.
get_config(_, Default) -> Default.
get_config(_, Default, _) -> Default.
abort_current_testcase(Why) -> exit({aborted, Why}).

log(Text) -> io:put_chars([Text, $\n]).
log(Format, Arguments) when is_list(Format), is_list(Arguments) -> io:format(Format ++ "\n", Arguments);
log(_Category, Text) -> log(Text).
log(Format, Arguments, _Options) when is_list(Format) -> log(Format, Arguments);
log(_Category, Format, Arguments) when is_list(Arguments) -> log(Format, Arguments);
log(_Category, _Importance, Text) -> log(Text).
log(_Category, Format, Arguments, _Options) when is_list(Format) -> log(Format, Arguments);
log(_Category, _Importance, Format, Arguments) -> log(Format, Arguments).
log(_Category, _Importance, Format, Arguments, _Options) -> log(Format, Arguments).

pal(Text) -> log(Text).
pal(A, B) -> log(A, B).
pal(A, B, C) -> log(A, B, C).
pal(A, B, C, D) -> log(A, B, C, D).
pal(A, B, C, D, E) -> log(A, B, C, D, E).
print(Text) -> log(Text).
print(A, B) -> log(A, B).
print(A, B, C) -> log(A, B, C).

capture_start() -> suite_output:capture(self()).
capture_stop() -> suite_output:capture(none).
capture_get() -> capture_get([]).
capture_get(_) ->
    receive
        {captured, Text} -> [Text | capture_get([])]
    after 0 -> []
    end.
