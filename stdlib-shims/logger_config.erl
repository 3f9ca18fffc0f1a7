%% The levels of OTP's logger without its tables: `notice` and above, for every module.
-module(logger_config).

-export([allow/1, allow/2, get/2]).

allow(Level) ->
    allow(Level, undefined).

allow(Level, _Module) ->
    lists:member(Level, [emergency, alert, critical, error, warning, notice]).

%% The primary configuration as it is from the start; there are no others.
get(_Table, primary) ->
    {ok, #{level => notice, filters => [], filter_default => log, metadata => #{}}};
get(_Table, What) ->
    {error, {not_found, What}}.
