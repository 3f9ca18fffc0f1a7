%% test_server: what OTP's suites call of Common Test's older interface. There are no other nodes.
-module(test_server).
-export([lookup_config/2, timetrap/1, timetrap_cancel/0, timetrap_cancel/1, timetrap_scale_factor/0]).
-export([is_cover/0, is_debug/0, is_valgrind/0, is_asan/0, is_native/1, memory_checker/0]).
-export([messages_get/0, do_times/2, do_times/4, m_out_of_n/3, timecall/3, call_crash/3]).
-export([sleep/1, adjusted_sleep/1, seconds/1, minutes/1, hours/1, temp_name/1, os_type/0]).
-export([fail/0, fail/1, comment/1, format/1, format/2, format/3, capture_start/0, capture_stop/0, capture_get/0]).
-export([start_node/3, stop_node/1, start_peer/2, start_peer/3, start_peer/4, start_peer/5, is_release_available/1]).
-export([app_test/1, app_test/2, appup_test/1, run_on_shielded_node/2]).

lookup_config(Key, Config) -> proplists:get_value(Key, Config).

timetrap(_) -> make_ref().
timetrap_cancel() -> ok.
timetrap_cancel(_) -> ok.
timetrap_scale_factor() -> 1.

is_cover() -> false.
is_debug() -> false.
is_valgrind() -> false.
is_asan() -> false.
is_native(_) -> false.
memory_checker() -> none.

messages_get() ->
    receive
        Message -> [Message | messages_get()]
    after 0 -> []
    end.

do_times(Times, Fun) -> lists:foreach(fun(_) -> Fun() end, lists:seq(1, Times)).
do_times(Times, Module, Function, Arguments) ->
    do_times(Times, fun() -> apply(Module, Function, Arguments) end).

%% Fun succeeds at least Wanted times of Tries.
m_out_of_n(0, _, _) ->
    ok;
m_out_of_n(Wanted, 0, _) ->
    exit({m_out_of_n_failed, {Wanted, left_to_do}});
m_out_of_n(Wanted, Tries, Fun) ->
    case catch Fun() of
        {'EXIT', _} -> m_out_of_n(Wanted, Tries - 1, Fun);
        _ -> m_out_of_n(Wanted - 1, Tries - 1, Fun)
    end.

timecall(Module, Function, Arguments) ->
    {Microseconds, Value} = timer:tc(Module, Function, Arguments),
    {Microseconds / 1000000, Value}.

call_crash(Module, Function, Arguments) ->
    case catch apply(Module, Function, Arguments) of
        {'EXIT', _} -> ok;
        Value -> exit({did_not_crash, Value})
    end.

sleep(Time) -> ct:sleep(Time).
adjusted_sleep(Time) -> ct:sleep(Time).
seconds(Seconds) -> trunc(Seconds * 1000).
minutes(Minutes) -> trunc(Minutes * 60000).
hours(Hours) -> trunc(Hours * 3600000).
os_type() -> os:type().

temp_name(Stem) ->
    Name = Stem ++ integer_to_list(erlang:unique_integer([positive])),
    case file:read_file_info(Name) of
        {error, _} -> Name;
        _ -> temp_name(Stem)
    end.

fail() -> exit(suite_failed).
fail(Why) -> exit({suite_failed, Why}).
comment(_) -> ok.
format(_) -> ok.
format(_, _) -> ok.
format(_, _, _) -> ok.
capture_start() -> ct:capture_start().
capture_stop() -> ct:capture_stop().
capture_get() -> ct:capture_get().

is_release_available(_) -> false.
start_node(_, _, _) -> not_here(start_node).
stop_node(_) -> not_here(stop_node).
start_peer(_, _) -> not_here(start_peer).
start_peer(_, _, _) -> not_here(start_peer).
start_peer(_, _, _, _) -> not_here(start_peer).
start_peer(_, _, _, _, _) -> not_here(start_peer).
app_test(_) -> not_here(app_test).
app_test(_, _) -> not_here(app_test).
appup_test(_) -> not_here(appup_test).
run_on_shielded_node(_, _) -> not_here(run_on_shielded_node).

not_here(Function) -> exit({not_in_this_runner, Function}).
