%% What is told of schedulers while multi-scheduling is blocked and unblocked.
-module(schedulers_state).
-export([main/0]).

main() ->
    show({at_first, state()}),
    show([erlang:system_flag(multi_scheduling, How) || How <- [block_normal]]),
    show({blocked_normal, state()}),
    show([erlang:system_flag(multi_scheduling, block), erlang:system_info(multi_scheduling)]),
    show({blocked, state()}),
    show(erlang:system_flag(multi_scheduling, unblock_normal)),
    show({still_blocked, state()}),
    show(erlang:system_flag(multi_scheduling, unblock)),
    show({unblocked, state()}),
    show([erlang:system_info(lock_checking), erlang:system_info(run_queues) =:= erlang:system_info(schedulers)]).

%% Without the numbers that depend on the machine.
state() ->
    %% Schedulers of other sorts than the normal one stop a little later.
    receive after 200 -> ok end,
    {All, Online, Active} = erlang:system_info(schedulers_state),
    [{normal, All, Online, Active} | Others] = erlang:system_info(all_schedulers_state),
    Active = erlang:system_info(schedulers_active),
    Online = erlang:system_info(schedulers_online),
    {named(Active, Online), [{Sort, Total >= On, named(Act, On)} || {Sort, Total, On, Act} <- Others]}.

named(Active, Active) -> all;
named(1, _) -> one;
named(0, _) -> none.

show(X) -> io:format("~w~n", [X]).
