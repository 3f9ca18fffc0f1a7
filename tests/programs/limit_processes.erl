%% As many processes as there may be: then spawning fails, until one of them ends.
%% otp: 27+
%% env: BEAMRC_PROCESSES=1024
%% erl: +P 1024
-module(limit_processes).
-export([main/0]).

main() ->
    %% What the runtime reports comes here.
    Logger = erlang:system_flag(system_logger, self()),
    show(erlang:system_info(process_limit)),
    Ps = fill([]),
    show(erlang:system_info(process_count)),
    show(length(Ps) > 900),
    show(try_(fun() -> spawn(fun() -> ok end) end)),
    show(try_(fun() -> spawn_link(fun() -> ok end) end)),
    show(try_(fun() -> spawn_monitor(fun() -> ok end) end)),
    show(try_(fun() -> spawn_opt(fun() -> ok end, [link, monitor, {priority, low}]) end)),
    show(try_(fun() -> spawn(lists, seq, [1, 2]) end)),
    R = spawn_request(fun() -> ok end, []),
    show(receive {spawn_reply, R, error, Why} -> Why end),
    R2 = spawn_request(fun() -> ok end, [{reply, success_only}, monitor, link]),
    show(receive {spawn_reply, R2, _, _} -> replied; {'DOWN', R2, _, _, _} -> down after 20 -> silent end),
    show(element(2, process_info(self(), links))),
    show(element(2, process_info(self(), monitors))),
    [P | Rest] = Ps,
    stop(P),
    Q = spawn(fun() -> receive stop -> ok end end),
    show(is_process_alive(Q)),
    show(Q > hd(Rest)),
    show(try_(fun() -> spawn(fun() -> ok end) end)),
    [stop(X) || X <- [Q | Rest]],
    show(erlang:system_info(process_count) < 200),
    show(lists:usort([receive Report -> told(Report) end || _ <- lists:seq(1, 9)])),
    erlang:system_flag(system_logger, Logger).

told({log, Level, Format, Arguments, #{error_logger := Tag}}) -> {Level, Format, Arguments, Tag}.

show(X) -> io:format("~p~n", [X]).

fill(Ps) ->
    try spawn(fun() -> receive stop -> ok end end) of
        P -> fill([P | Ps])
    catch error:system_limit -> Ps end.

stop(P) ->
    R = monitor(process, P),
    P ! stop,
    receive {'DOWN', R, process, P, _} -> ok end.

try_(F) -> try F() catch C:E -> {C, E} end.
