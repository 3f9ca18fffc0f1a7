%% Reports of OTP's behaviours about their own ends.
%% mask: reports
-module(logger_behaviours).
-export([main/0, start/1, init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export([callback_mode/0, handle_event/4, handle_event/2]).

main() ->
    process_flag(trap_exit, true),
    {ok, Server} = start(server),
    ended(Server, fun() -> catch gen_server:call(Server, crash) end),
    {ok, Called} = start(server),
    ended(Called, fun() -> spawn(fun() -> gen_server:call(Called, {atom_of, "text"}, infinity) end) end),
    {ok, Cast} = start(server),
    ended(Cast, fun() -> gen_server:cast(Cast, {throw_out, value}) end),
    {ok, Stopped} = start(server),
    ended(Stopped, fun() -> Stopped ! stop_badly end),
    {ok, Normal} = start(server),
    ended(Normal, fun() -> Normal ! stop_well end),
    io_lib:format("~p", [quiet(fun() -> start(not_at_all) end)]),
    {ok, Machine} = gen_statem:start(?MODULE, machine, []),
    ended(Machine, fun() -> gen_statem:cast(Machine, crash) end),
    {ok, Manager} = gen_event:start_link(),
    ok = gen_event:add_handler(Manager, ?MODULE, events),
    gen_event:sync_notify(Manager, crash),
    {ok, Sup} = supervisor:start_link(?MODULE, supervisor),
    [{child, Child, _, _}] = supervisor:which_children(Sup),
    ended(Child, fun() -> gen_server:cast(Child, crash) end),
    timer:sleep(50),
    [{child, Again, _, _}] = supervisor:which_children(Sup),
    ended(Sup, fun() -> exit(Again, kill) end),
    timer:sleep(300).

quiet(Fun) ->
    Result = (catch Fun()),
    timer:sleep(50),
    Result.

ended(Pid, Fun) ->
    Monitor = monitor(process, Pid),
    Fun(),
    receive {'DOWN', Monitor, _, _, _} -> timer:sleep(50) end.

start(Kind) -> gen_server:start(?MODULE, Kind, []).

init(server) -> {ok, #{state => of_server}};
init(linked) -> {ok, linked};
init(machine) -> {ok, ready, data};
init(events) -> {ok, events};
init(not_at_all) -> error(cannot_start);
init(supervisor) ->
    {ok, {#{strategy => one_for_one, intensity => 1, period => 5},
          [#{id => child, start => {gen_server, start_link, [?MODULE, linked, []]}}]}}.

callback_mode() -> handle_event_function.
handle_event(cast, crash, ready, data) -> error(machine_crashed).
handle_event(crash, events) -> error(handler_crashed).

handle_call({atom_of, Text}, _, State) -> {reply, binary_to_atom(Text), State};
handle_call(crash, From, State) -> {reply, element(1, error({crash, is_tuple(From)})), State}.
handle_cast({throw_out, Value}, _) -> exit({thrown, Value});
handle_cast(crash, State) -> {stop, {bad, State}, State}.
handle_info(stop_badly, State) -> {stop, badly, State};
handle_info(stop_well, State) -> {stop, normal, State}.
terminate(_, _) -> ok.
