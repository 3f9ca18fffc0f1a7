%% The levels of OTP's logger without its tables: `notice` and above, for every module.
-module(logger_config).

-export([allow/1, allow/2]).

allow(Level) ->
    allow(Level, undefined).

allow(Level, _Module) ->
    lists:member(Level, [emergency, alert, critical, error, warning, notice]).
