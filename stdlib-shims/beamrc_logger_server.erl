%% OTP's logger server, its supervisor and its default handler. They come into being when a program
%% first asks about the logger's configuration or changes it.
-module(beamrc_logger_server).

-export([start/0]).

start() ->
    case ets:whereis(logger) of
        undefined ->
            {_, Monitor} = spawn_monitor(fun starter/0),
            receive
                {'DOWN', Monitor, process, _, normal} -> ok;
                {'DOWN', Monitor, process, _, Reason} -> exit(Reason)
            end;
        _ ->
            ok
    end.

%% One process starts the logger; others wait until it has.
starter() ->
    group_leader(whereis(user), self()),
    try register(beamrc_logger_starter, self()) of
        true -> ets:whereis(logger) =/= undefined orelse start_logger()
    catch
        error:badarg ->
            Monitor = monitor(process, beamrc_logger_starter),
            receive
                {'DOWN', Monitor, process, _, _} -> ok
            end
    end.

%% As OTP's application kernel does it.
start_logger() ->
    persistent_term:put(beamrc_logger, #{
        log => fun logger_backend:beamrc_log/3,
        get => fun logger_config:beamrc_get/2,
        flush => fun flush/0,
        called => called()
    }),
    become_server(),
    ok = logger:internal_init_logger(),
    {ok, Supervisor} = logger_sup:start_link(),
    unlink(Supervisor),
    ok = logger:add_handlers(kernel).

%% OTP calls these by names that are values; they are named here, so that they are whole.
called() ->
    [
        fun logger_formatter:format/2,
        fun logger_server:beamrc_callbacks/4,
        fun logger_simple_h:adding_handler/1,
        fun logger_simple_h:removing_handler/1,
        fun logger_simple_h:log/2,
        fun logger_std_h:adding_handler/1,
        fun logger_std_h:changing_config/3,
        fun logger_std_h:removing_handler/1,
        fun logger_std_h:filter_config/1,
        fun logger_std_h:log/2,
        fun logger_std_h:check_config/4,
        fun logger_std_h:config_changed/3,
        fun logger_std_h:init/2,
        fun logger_std_h:write/4,
        fun logger_std_h:filesync/3,
        fun logger_std_h:handle_info/3,
        fun logger_std_h:reset_state/2,
        fun logger_std_h:terminate/3,
        fun logger_h_common:init/1,
        fun logger_h_common:handle_load/2,
        fun logger_h_common:handle_call/3,
        fun logger_h_common:handle_cast/2,
        fun logger_h_common:handle_info/2,
        fun logger_h_common:notify/2,
        fun logger_h_common:reset_state/1,
        fun logger_h_common:terminate/2,
        fun logger_proxy:init/1,
        fun logger_proxy:handle_load/2,
        fun logger_proxy:handle_info/2,
        fun logger_proxy:notify/2,
        fun logger_proxy:terminate/2
    ].

%% The process that has logged so far becomes the server, so that its name is never free.
become_server() ->
    Starter = self(),
    Monitor = monitor(process, logger),
    logger ! {become, fun() -> server(Starter, Monitor) end},
    receive
        {Monitor, became} ->
            true = demonitor(Monitor, [flush]);
        {'DOWN', Monitor, process, _, Reason} ->
            exit(Reason)
    end.

server(Starter, Monitor) ->
    put('$ancestors', [whereis(init)]),
    put('$initial_call', {logger_server, init, 1}),
    {ok, State} = logger_server:init([]),
    Starter ! {Monitor, became},
    gen_server:enter_loop(logger_server, [], State, {local, logger}).

%% Returns when every event so far is printed.
flush() ->
    ok = logger:set_module_level([], notice),
    [logger_std_h:filesync(Id) || #{id := Id, module := logger_std_h} <- logger:get_handler_config()],
    ok.
