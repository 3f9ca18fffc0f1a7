%% Children that a program adds to the kernel's supervisor.
-module(kernel_children).
-export([main/0, start/0]).

main() ->
    Spec = #{id => mine, start => {?MODULE, start, []}, restart => temporary},
    {ok, C} = supervisor:start_child(kernel_sup, Spec),
    show(is_pid(C)),
    show([Id || {Id, Pid, worker, [?MODULE]} <- supervisor:which_children(kernel_sup), Pid =:= C]),
    {error, {already_started, C}} = supervisor:start_child(kernel_sup, Spec),
    {ok, #{id := mine}} = supervisor:get_childspec(kernel_sup, mine),
    show(proplists:get_value(workers, supervisor:count_children(kernel_sup)) > 0),
    show(supervisor:terminate_child(kernel_sup, mine)),
    show(is_process_alive(C)),
    show(supervisor:delete_child(kernel_sup, mine)),
    show(supervisor:start_child(kernel_sup, nonsense)),
    servers().

%% A server of the kernel's own that was told to end comes back when it is asked.
servers() ->
    show([timer:start(), disk_log:start(), dets:start()]),
    Server = whereis(timer_server),
    show(supervisor:delete_child(kernel_sup, timer_server)),
    show(supervisor:terminate_child(kernel_sup, timer_server)),
    show([is_process_alive(Server), lists:keyfind(timer_server, 1, supervisor:which_children(kernel_sup))]),
    show(supervisor:terminate_child(kernel_sup, timer_server)),
    timer:send_after(1, answer),
    receive answer -> ok end,
    {_, New, _, _} = lists:keyfind(timer_server, 1, supervisor:which_children(kernel_sup)),
    show([New =:= whereis(timer_server), New =/= Server]),
    show(supervisor:terminate_child(kernel_sup, timer_server)),
    show(supervisor:delete_child(kernel_sup, timer_server)),
    show(supervisor:terminate_child(kernel_sup, timer_server)),
    timer:send_after(1, answer),
    receive answer -> ok end.

start() -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.

show(X) -> io:format("~p~n", [X]).
