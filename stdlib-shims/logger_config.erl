%% What OTP's logger looks up in its table of configurations, which may not be there yet: then it
%% is as from the start.
-module(logger_config).

-beamrc_uses([{table_key, 1}]).
-export([get/2, beamrc_get/2]).

get(undefined, primary) ->
    {ok, #{level => notice, filters => [], filter_default => log, metadata => #{}, handlers => [default]}};
get(Table, What) ->
    #{get := Get} = persistent_term:get(beamrc_logger),
    Get(Table, What).

%% From the table.
beamrc_get(Table, What) ->
    case ets:lookup(Table, logger_config:table_key(What)) of
        [{_, Config}] -> {ok, Config};
        [] -> {error, {not_found, What}}
    end.
