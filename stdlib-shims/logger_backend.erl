%% Where OTP's logger hands its events to handlers. Until a program asks about the logger's
%% configuration or changes it, there is one, and no table of them.
-module(logger_backend).

-beamrc_uses([{apply_filters, 4}, {call_handlers, 3}]).
-export([log_allowed/3, beamrc_log/3]).

log_allowed(Event, undefined, _Primary) ->
    beamrc_logger:log(Event);
log_allowed(Event, Table, Primary) ->
    #{log := Log} = persistent_term:get(beamrc_logger),
    Log(Event, Table, Primary).

%% To the handlers in OTP's table.
beamrc_log(Event, Table, #{filters := Filters, handlers := Handlers} = Primary) ->
    case logger_backend:apply_filters(primary, Event, Filters, Primary) of
        stop ->
            ok;
        Passed ->
            logger_backend:call_handlers(Passed, Handlers, Table),
            ok
    end.
