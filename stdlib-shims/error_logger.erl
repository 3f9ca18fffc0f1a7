%% The event manager of error_logger is a child of the logger's supervisor.
-module(error_logger).

-export([start/0]).

start() ->
    beamrc_logger_server:start(),
    case whereis(error_logger) of
        undefined ->
            Child = #{
                id => error_logger,
                start => {error_logger, start_link, []},
                restart => transient,
                shutdown => 2000,
                type => worker,
                modules => dynamic
            },
            case supervisor:start_child(logger_sup, Child) of
                {ok, Pid} -> ok = logger_handler_watcher:register_handler(error_logger, Pid);
                Error -> Error
            end;
        _ ->
            ok
    end.
