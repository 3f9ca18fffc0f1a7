%% Where OTP's logger hands its events to handlers: here there is one.
-module(logger_backend).

-export([log_allowed/2]).

log_allowed(Event, _Table) ->
    beamrc_logger:log(Event).
