%% The logger's server is there when it is first asked.
-module(logger_server).

-export([call/1, beamrc_callbacks/4]).

call(Request) when is_tuple(Request) ->
    case get('$logger_cb_process') of
        true when
            element(1, Request) =:= add_handler;
            element(1, Request) =:= remove_handler;
            element(1, Request) =:= add_filter;
            element(1, Request) =:= remove_filter;
            element(1, Request) =:= change_config
        ->
            {error, {attempting_syncronous_call_to_self, Request}};
        _ ->
            beamrc_logger_server:start(),
            gen_server:call(logger, Request, infinity)
    end.

%% The names of these callbacks are arguments where OTP calls them; here they stand in calls, so
%% that a handler's callbacks are found.
beamrc_callbacks(Module, SetOrUpdate, Old, Config) ->
    {
        Module:adding_handler(Config),
        Module:changing_config(SetOrUpdate, Old, Config),
        Module:removing_handler(Config)
    }.
