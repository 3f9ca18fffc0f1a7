%% gen_event: handlers added, swapped, deleted, supervised, crashing, and calls to them.
-module(behaviour_events).
-behaviour(gen_event).
-export([main/0, init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2]).

main() ->
    logger:set_primary_config(level, none),
    {ok, Manager} = gen_event:start_link({local, events}),
    show(gen_event:add_handler(events, ?MODULE, first)),
    show(gen_event:add_handler(events, {?MODULE, two}, second)),
    show(gen_event:add_handler(events, {?MODULE, no}, refuse)),
    show(gen_event:add_handler(events, {?MODULE, no}, crash)),
    show(gen_event:which_handlers(Manager)),
    gen_event:notify(events, hello),
    gen_event:sync_notify(events, again),
    events ! info,
    show(gen_event:call(events, ?MODULE, state)),
    show(gen_event:call(events, {?MODULE, two}, state, 1000)),
    show(gen_event:call(events, {?MODULE, none}, state)),
    show(gen_event:swap_handler(events, {{?MODULE, two}, swapping}, {{?MODULE, three}, third})),
    show(gen_event:which_handlers(events)),
    show(gen_event:add_sup_handler(events, {?MODULE, sup}, supervised)),
    gen_event:notify(events, {crash, supervised}),
    show(receive {gen_event_EXIT, H, {'EXIT', {R, _}}} -> {H, R} after 1000 -> none end),
    gen_event:notify(events, {remove, first}),
    show(gen_event:which_handlers(events)),
    show(element(1, gen_event:call(events, {?MODULE, three}, {crash, call}))),
    show(gen_event:which_handlers(events)),
    show(gen_event:add_sup_handler(events, {?MODULE, last}, last)),
    show(gen_event:delete_handler(events, {?MODULE, last}, goodbye)),
    show(receive {gen_event_EXIT, H2, R2} -> {H2, R2} after 1000 -> none end),
    show(gen_event:delete_handler(events, {?MODULE, last}, goodbye)),
    show(gen_event:add_handler(events, ?MODULE, final)),
    show(sys:get_state(events)),
    show(gen_event:stop(events)),
    show(whereis(events)).

init(refuse) -> {error, refused};
init(crash) -> exit(crashed);
init({third, Old}) -> {ok, {third, Old}};
init(State) -> {ok, State}.

handle_event({crash, State}, State) -> exit(wanted);
handle_event({remove, State}, State) -> remove_handler;
handle_event(Event, State) -> show({State, Event}), {ok, State}.

handle_call({crash, Why}, _) -> exit(Why);
handle_call(state, State) -> {ok, State, {seen, State}}.

handle_info(Info, State) -> show({State, info, Info}), {ok, State}.

terminate({error, {exit, _}}, State) -> show({State, error}), done;
terminate({error, {'EXIT', {R, _}}}, State) -> show({State, R}), done;
terminate(Reason, State) -> show({State, Reason}), done.

show(X) -> io:format("~p~n", [X]).
