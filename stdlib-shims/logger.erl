%% What the logger's configuration is, is known where its server has started.
-module(logger).

-export([get_primary_config/0, get_handler_ids/0, get_handler_config/0, get_handler_config/1, get_proxy_config/0]).

get_primary_config() ->
    maps:remove(handlers, config(primary)).

-if(?OTP_RELEASE >= 29).
get_handler_ids() ->
    #{handlers := Ids} = config(primary),
    lists:sort(Ids).
-else.
get_handler_ids() ->
    #{handlers := Ids} = config(primary),
    Ids.
-endif.

get_handler_config() ->
    [
        begin
            {ok, Config} = logger:get_handler_config(Id),
            Config
        end
     || Id <- logger:get_handler_ids()
    ].

get_handler_config(Id) ->
    beamrc_logger_server:start(),
    case logger_config:get(logger, Id) of
        {ok, #{module := Module} = Config} ->
            try
                {ok, Module:filter_config(Config)}
            catch
                _:_ -> {ok, Config}
            end;
        Error ->
            Error
    end.

get_proxy_config() ->
    config(proxy).

config(What) ->
    beamrc_logger_server:start(),
    {ok, Config} = logger_config:get(logger, What),
    Config.
