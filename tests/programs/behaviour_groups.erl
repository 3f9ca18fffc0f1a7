%% pg on one node: groups, scopes, members that exit, monitors.
-module(behaviour_groups).
-export([main/0]).

main() ->
    {ok, _} = pg:start_link(),
    {ok, _} = pg:start_link(scope),
    Pid = spawn(fun() -> receive after infinity -> ok end end),
    show([pg:join(a, Pid), pg:join(a, [self()]), pg:join(scope, b, self())]),
    show([length(pg:get_members(a)), length(pg:get_local_members(a)), pg:get_members(none)]),
    show([pg:which_groups(), pg:which_groups(scope)]),
    {Ref, Groups} = pg:monitor_scope(),
    show(maps:keys(Groups)),
    exit(Pid, kill),
    show(receive {Ref, leave, a, Gone} -> lists:usort(Gone) =:= [Pid] after 1000 -> none end),
    show([pg:leave(a, self()), pg:leave(a, self())]),
    show(receive {Ref, leave, a, [Left]} -> Left =:= self() end),
    show([pg:demonitor(Ref), pg:get_members(a), pg:which_groups()]).

show(X) -> io:format("~p~n", [X]).
