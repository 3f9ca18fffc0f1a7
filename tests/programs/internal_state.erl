%% Access to the insides of the virtual machine has to be asked for, which is reported.
-module(internal_state).
-export([main/0]).

main() ->
    Logger = erlang:system_flag(system_logger, self()),
    show(catch erts_debug:set_internal_state(no_such_state, 1)),
    show(set(true)),
    show(set(true)),
    show(catch erts_debug:set_internal_state(no_such_state, 1)),
    show(erts_debug:get_internal_state(available_internal_state)),
    %% Printing would begin another time slice.
    Left = {erts_debug:set_internal_state(reds_left, 10), erts_debug:get_internal_state(reds_left) =< 10},
    show(Left),
    show(catch erts_debug:get_internal_state(no_such_state)),
    show(set(false)),
    show(catch erts_debug:get_internal_state(available_internal_state)),
    show(catch erts_debug:get_internal_state(reds_left)),
    show(catch erts_debug:set_internal_state(available_internal_state, perhaps)),
    Self = pid_to_list(self()),
    [show({Level, Format, string:replace(Text, Self, "SELF"), Tag})
     || {log, Level, Format, [Text], #{error_logger := Tag}} <- [received(), received()]],
    erlang:system_flag(system_logger, Logger).

set(Available) ->
    erts_debug:set_internal_state(available_internal_state, Available).

received() ->
    receive Report -> Report end.

show({'EXIT', {Reason, _}}) -> io:format("~p~n", [Reason]);
show(X) -> io:format("~p~n", [X]).
