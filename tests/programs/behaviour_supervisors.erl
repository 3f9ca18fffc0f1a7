%% Every restart strategy and type of child, intensity, dynamic children, and the order of shutting down.
-module(behaviour_supervisors).
-behaviour(supervisor).
-export([main/0, init/1, start_child/2, child/3]).

main() ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    [strategy(S) || S <- [one_for_one, one_for_all, rest_for_one]],
    [restart(T, R) || T <- [permanent, transient, temporary], R <- [normal, shutdown, {shutdown, x}, crash]],
    intensity(),
    dynamic(),
    significant(),
    shutdowns(),
    show(catch supervisor:start_link(?MODULE, {bad, 1})),
    show(supervisor:start_link(?MODULE, ignore)),
    show(supervisor:check_childspecs([#{id => a, start => {m, f, []}}, #{id => a, start => {m, f, []}}])),
    show(supervisor:check_childspecs([#{id => a, start => nothing}])),
    show(supervisor:check_childspecs([#{id => a, start => {m, f, []}, shutdown => -1}])).

strategy(Strategy) ->
    {ok, Sup} = supervisor:start_link(?MODULE, {#{strategy => Strategy, intensity => 5}, [spec(a), spec(b), spec(c)]}),
    started([a, b, c]),
    Before = children(Sup),
    exit(pid(b, Before), kill),
    Restarted = case Strategy of one_for_one -> [b]; one_for_all -> [a, b, c]; rest_for_one -> [b, c] end,
    started(Restarted),
    After = children(Sup),
    show({Strategy, [Id || {Id, Pid} <- After, Pid =/= pid(Id, Before)], [Id || {Id, _} <- After]}),
    stop(Sup).

restart(Type, Reason) ->
    {ok, Sup} = supervisor:start_link(?MODULE, {#{}, [(spec(a))#{restart => Type}]}),
    started([a]),
    [{a, Pid}] = children(Sup),
    monitor(process, Pid),
    Pid ! {exit, Reason},
    receive {'DOWN', _, _, Pid, Why} -> show({Type, Why}) end,
    show(case supervisor:which_children(Sup) of
        [{a, New, worker, [?MODULE]}] when is_pid(New) -> started([a]), again;
        Other -> Other
    end),
    stop(Sup).

intensity() ->
    {ok, Sup} = supervisor:start_link(?MODULE, {#{intensity => 2, period => 60}, [spec(a)]}),
    started([a]),
    [begin whereis(a) ! {exit, crash}, started([a]) end || _ <- [1, 2]],
    a ! {exit, crash},
    receive {'EXIT', Sup, Reason} -> show({intensity, Reason}) end.

dynamic() ->
    Child = #{id => any, start => {?MODULE, start_child, [self()]}, restart => temporary, shutdown => 1000},
    {ok, Sup} = supervisor:start_link(?MODULE, {#{strategy => simple_one_for_one}, [Child]}),
    Pids = [begin {ok, Pid} = supervisor:start_child(Sup, [Name]), Pid end || Name <- [x, y, z]],
    started([x, y, z]),
    show(supervisor:count_children(Sup)),
    show(supervisor:terminate_child(Sup, hd(Pids))),
    show(supervisor:terminate_child(Sup, hd(Pids))),
    show(catch supervisor:terminate_child(Sup, x)),
    show(supervisor:start_child(Sup, [fail])),
    show([{Id, Type, Mods} || {Id, _, Type, Mods} <- supervisor:which_children(Sup)]),
    show(supervisor:get_childspec(Sup, lists:last(Pids)) =/= {error, not_found}),
    stop(Sup),
    {ok, Other} = supervisor:start_link(?MODULE, {#{}, [spec(a)]}),
    started([a]),
    show(supervisor:start_child(Other, spec(a)) =:= {error, {already_started, whereis(a)}}),
    {ok, _} = supervisor:start_child(Other, spec(b)),
    started([b]),
    show([supervisor:delete_child(Other, b), supervisor:terminate_child(Other, b), supervisor:restart_child(Other, none)]),
    show(supervisor:start_child(Other, spec(b))),
    {ok, _} = supervisor:restart_child(Other, b),
    started([b]),
    show([supervisor:terminate_child(Other, b), supervisor:delete_child(Other, b), supervisor:delete_child(Other, b)]),
    {error, {refused, _}} = supervisor:start_child(Other, (spec(c))#{start => {?MODULE, start_child, [self(), fail]}}),
    show(supervisor:start_child(Other, wrong)),
    stop(Other).

significant() ->
    Spec = (spec(a))#{restart => transient, significant => true},
    {ok, Sup} = supervisor:start_link(?MODULE, {#{auto_shutdown => any_significant}, [Spec, spec(b)]}),
    started([a, b]),
    a ! {exit, normal},
    receive {'EXIT', Sup, Reason} -> show({significant, Reason}) end.

shutdowns() ->
    Specs = [(spec(a))#{shutdown => brutal_kill}, (spec(b))#{shutdown => 50}, spec(c), (spec(d))#{shutdown => infinity}],
    {ok, Sup} = supervisor:start_link(?MODULE, {#{}, Specs}),
    started([a, b, c, d]),
    b ! deaf,
    Refs = [{monitor(process, Pid), Id} || {Id, Pid} <- children(Sup)],
    exit(Sup, shutdown),
    Downs = [receive {'DOWN', Ref, _, _, Reason} -> {proplists:get_value(Ref, Refs), Reason} end || _ <- Refs],
    show(Downs),
    receive {'EXIT', Sup, Reason} -> show(Reason) end.

init({bad, X}) -> {ok, {#{intensity => X, strategy => never}, []}};
init(ignore) -> ignore;
init(Init) -> {ok, Init}.

spec(Name) ->
    #{id => Name, start => {?MODULE, start_child, [self(), Name]}}.

start_child(_, fail) ->
    {error, refused};
start_child(Tester, Name) ->
    proc_lib:start_link(?MODULE, child, [self(), Tester, Name]).

child(Parent, Tester, Name) ->
    process_flag(trap_exit, true),
    register(Name, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    Tester ! {started, Name},
    loop(Parent).

loop(Parent) ->
    receive
        {exit, Reason} -> exit(Reason);
        {'EXIT', Parent, Reason} -> exit(Reason);
        deaf -> receive never -> ok end
    end.

children(Sup) -> lists:sort([{Id, Pid} || {Id, Pid, _, _} <- supervisor:which_children(Sup)]).
pid(Id, Children) -> proplists:get_value(Id, Children).
started(Names) -> [receive {started, Name} -> ok after 5000 -> exit({missing, Name}) end || Name <- Names].
stop(Sup) -> exit(Sup, shutdown), receive {'EXIT', Sup, _} -> ok end.
show(X) -> io:format("~p~n", [X]).
