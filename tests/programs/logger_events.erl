%% Log events of every kind, printed as by the default handler; those below the level are not.
%% mask: reports
-module(logger_events).
-export([main/0, crash/1]).
-include_lib("kernel/include/logger.hrl").

main() ->
    [logger:log(Level, "level ~p", [Level])
     || Level <- [emergency, alert, critical, error, warning, notice, info, debug]],
    logger:error("no arguments"),
    logger:error("a ~ts of ~w", ["text", arguments], #{some => metadata}),
    logger:warning(#{report => [several, "values"]}),
    logger:notice([{report, list}, {with, {several, "values"}}]),
    logger:error(#{label => {my, label}, report => [{a, 1}]}, #{report_cb => fun(#{report := R}) -> {"called back: ~p", [R]} end}),
    logger:error(#{a => 1}, #{report_cb => fun(R, #{depth := D, chars_limit := L, single_line := S}) -> io_lib:format("~p ~p ~p ~p", [R, D, L, S]) end}),
    ?LOG_ERROR("by macro ~p", [1]),
    ?LOG_WARNING(#{by => macro}),
    ?LOG_NOTICE("by macro"),
    ?LOG_INFO("not seen"),
    ?LOG_ERROR(fun(X) -> {"a lazy ~p", [X]} end, value),
    ?LOG_DEBUG(fun(_) -> exit(never) end, value),
    logger:error(fun(X) -> exit(X) end, why),
    logger:error(fun(_) -> nonsense end, why, #{}),
    logger:notice("not in this domain", #{domain => [mine]}),
    logger:notice("in OTP's domain", #{domain => [otp]}),
    logger:set_process_metadata(#{domain => [otp, sasl]}),
    logger:notice("by process metadata"),
    logger:update_process_metadata(#{domain => [elsewhere]}),
    logger:notice("not seen"),
    io_lib:format("~p", [logger:get_process_metadata()]),
    logger:unset_process_metadata(),
    logger:notice("characters ~ts", [[1076, 1072]]),
    error_logger:error_msg("error_logger ~p~n", [error_msg]),
    error_logger:warning_msg("error_logger ~p~n", [warning_msg]),
    error_logger:info_msg("error_logger ~p~n", [info_msg]),
    error_logger:error_report([{a, report}, {from, error_logger}]),
    error_logger:error_report(my_type, [{a, report}]),
    error_logger:info_report("text"),
    error_logger:warning_report({other, term}),
    crashes(),
    timer:sleep(300).

%% Of processes: without OTP's behaviours the emulator tells, with proc_lib it does.
crashes() ->
    down(spawn(?MODULE, crash, [error])),
    down(spawn(?MODULE, crash, [throw])),
    down(spawn(?MODULE, crash, [exit])),
    down(proc_lib:spawn(?MODULE, crash, [exit])).

down(Pid) ->
    Monitor = monitor(process, Pid),
    receive {'DOWN', Monitor, _, _, _} -> timer:sleep(50) end.

crash(error) -> error(crashed);
crash(throw) -> throw(crashed);
crash(exit) -> exit(crashed).
