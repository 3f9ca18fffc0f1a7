%% global on one node: names, locks, transactions, names of processes that end, behaviours with global names.
-module(global_names).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2]).

main() ->
    show(global:register_name(me, self())), show(global:register_name(me, self())),
    show(global:whereis_name(me) =:= self()), show(global:registered_names()),
    show(catch global:send(nobody, x)), global:send(me, hi), receive hi -> show(hi) end,
    show(global:re_register_name(me, self())),
    show(global:unregister_name(me)), show(global:whereis_name(me)),
    show(global:trans({res, self()}, fun() -> in_trans end)),
    show(global:set_lock({res, self()})), show(global:set_lock({res, self()}, [node()], 1)),
    Self = self(),
    spawn(fun() -> Self ! {other, global:set_lock({res, self()}, [node()], 0)} end), receive {other, L} -> show(L) end,
    show(global:del_lock({res, self()})), show(global:sync()),
    {Q, M} = spawn_monitor(fun() -> receive stop -> ok end end),
    show(global:register_name(gone, Q)), Q ! stop, receive {'DOWN', M, _, _, _} -> ok end, timer:sleep(100),
    show(global:whereis_name(gone)),
    {ok, G} = gen_event:start_link({global, ev}), show(is_pid(G)), show(gen_event:which_handlers({global, ev})),
    show(is_map(global:info()) orelse is_tuple(global:info())),
    show(global:disconnect()),
    {ok, Pid} = gen_server:start_link({global, served}, ?MODULE, 7, []),
    show(gen_server:call({global, served}, get)),
    show(gen_server:start_link({global, served}, ?MODULE, 7, []) =:= {error, {already_started, Pid}}),
    {ok, Other} = gen_server:start_link({via, global, via}, ?MODULE, 8, []),
    show([gen_server:call({via, global, via}, get), gen_server:call({global, via}, get)]),
    show(lists:sort(global:registered_names())),
    show(gen_server:cast({global, via}, {set, 9})),
    show(gen_server:call(Other, get)),
    show(global:register_name(clash, self(), fun global:random_exit_name/3)),
    show(gen_server:stop({global, served})),
    show(catch gen_server:call({global, served}, get)).

init(State) -> {ok, State}.
handle_call(get, _, State) -> {reply, State, State}.
handle_cast({set, State}, _) -> {noreply, State}.

show(X) -> io:format("~p~n", [X]).
