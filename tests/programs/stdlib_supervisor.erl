%% A supervisor that restarts a child that crashed and stops its children in order.
-module(stdlib_supervisor).
-behaviour(supervisor).
-export([main/0, init/1, start_child/1]).

main() ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, Sup} = supervisor:start_link(?MODULE, []),
    show([Id || {Id, _, _, _} <- lists:sort(supervisor:which_children(Sup))]),
    show(ask(a, state)),
    Old = whereis(a),
    a ! crash,
    wait_changed(Old, 200),
    show([whereis(a) =/= Old, ask(a, state)]),
    show(lists:sort(supervisor:count_children(Sup))),
    show([supervisor:terminate_child(Sup, b), whereis(b), supervisor:delete_child(Sup, b)]),
    exit(Sup, shutdown),
    show(receive {'EXIT', Sup, R} -> R end),
    show([whereis(a), whereis(b)]).

init([]) ->
    Child = fun(Name) -> #{id => Name, start => {?MODULE, start_child, [Name]}, restart => permanent, shutdown => 100} end,
    {ok, {#{strategy => one_for_one, intensity => 3, period => 10}, [Child(a), Child(b)]}}.

start_child(Name) ->
    Parent = self(),
    Pid = spawn_link(fun() -> register(Name, self()), Parent ! {ready, self()}, child(Name) end),
    receive {ready, Pid} -> {ok, Pid} end.

child(Name) ->
    receive
        {From, state} -> From ! {Name, fine}, child(Name);
        crash -> exit(crashed)
    end.

ask(Name, What) ->
    Name ! {self(), What},
    receive {Name, Answer} -> Answer after 1000 -> none end.

wait_changed(_, 0) -> ok;
wait_changed(Old, N) ->
    case whereis(a) of
        Pid when is_pid(Pid), Pid =/= Old -> ok;
        _ -> timer:sleep(5), wait_changed(Old, N - 1)
    end.

show(X) -> io:format("~p~n", [X]).
