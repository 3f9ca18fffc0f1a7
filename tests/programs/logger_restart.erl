%% A handler that is killed under load comes back when its time has come, and so does the proxy.
-module(logger_restart).
-export([main/0]).

main() ->
    ok = logger:set_handler_config(default, level, none),
    File = "logger_restart.log",
    Config = #{type => {file, File}, overload_kill_enable => true, overload_kill_qlen => 5, overload_kill_restart_after => 200,
        sync_mode_qlen => 1000, drop_mode_qlen => 1000, flush_qlen => 2000, burst_limit_enable => false},
    ok = logger:add_handler(mine, logger_std_h, #{config => Config}),
    killed(logger_std_h_mine, fun() -> logger:error("~s", [lists:duplicate(1000, $x)]) end),
    ok = logger:update_proxy_config(maps:with([overload_kill_enable, overload_kill_qlen, overload_kill_restart_after], Config)),
    Meta = #{pid => self(), gl => group_leader(), time => 0},
    killed(logger_proxy, fun() -> logger_proxy ! {log, debug, "text", [], Meta} end),
    show(erlang:system_info(system_logger) =:= whereis(logger_proxy)),
    _ = logger:remove_handler(mine),
    _ = file:delete(File).

killed(Name, Load) ->
    Process = whereis(Name),
    Monitor = monitor(process, Process),
    Loaders = [spawn(fun() -> load(Load) end) || _ <- [1, 2, 3, 4]],
    receive
        {'DOWN', Monitor, process, Process, {shutdown, {overloaded, _, _}}} -> show({Name, killed})
    end,
    [exit(Loader, kill) || Loader <- Loaders],
    back(Name, Process, 100).

load(Load) ->
    try Load() catch error:badarg -> ok end,
    load(Load).

back(Name, Old, N) when N > 0 ->
    timer:sleep(50),
    case whereis(Name) of
        New when is_pid(New), New =/= Old -> show({Name, back});
        _ -> back(Name, Old, N - 1)
    end;
back(Name, _, 0) ->
    show({Name, 'not back'}).

show(X) -> io:format("~p~n", [X]).
