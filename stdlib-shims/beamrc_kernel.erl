%% The processes of OTP's kernel that programs know by name, as far as they are not others' concern:
%% `kernel_sup`, which starts servers when a program first needs them, and `code_server`, whose
%% questions module `code` answers. Children that a program adds to `kernel_sup` have a supervisor
%% of OTP's, which answers for them.
-module(beamrc_kernel).

%% Only a program that has OTP's supervisor can ask for it.
-beamrc_unlikely([supervisor]).
-export([init/1]).
-export([start/0, stop/0, file_server/0, timer_server/0, dets/0, disk_log/0, global_names/0, rex/0]).

start() ->
    true = register(code_server, spawn(fun code_server/0)),
    true = register(kernel_sup, spawn(fun kernel_sup/0)).

%% Returns when `kernel_sup` has stopped what it has started.
stop() ->
    Monitor = monitor(process, kernel_sup),
    kernel_sup ! {'EXIT', self(), shutdown},
    receive
        {'DOWN', Monitor, process, _, _} -> ok
    end.

%% Each function returns when its process is there.

file_server() ->
    ensure(file_server_2, fun file_server:start_link/0).

timer_server() ->
    ensure(timer_server, fun timer:start_link/0).

dets() ->
    ensure(dets_sup, fun dets_sup:start_link/0),
    ensure(dets, fun dets_server:start_link/0).

disk_log() ->
    ensure(disk_log_sup, fun disk_log_sup:start_link/0),
    ensure(disk_log_server, fun disk_log_server:start_link/0).

global_names() ->
    ensure(global_name_server, fun global:start_link/0).

rex() ->
    ensure(rex, fun rpc:start_link/0).

ensure(Name, Start) ->
    case whereis(Name) of
        undefined ->
            Monitor = monitor(process, kernel_sup),
            kernel_sup ! {start, self(), Monitor, Name, Start},
            receive
                {Monitor, started} ->
                    demonitor(Monitor, [flush]),
                    ok;
                {'DOWN', Monitor, process, _, _} ->
                    ok
            end;
        _ ->
            ok
    end.

kernel_sup() ->
    process_flag(trap_exit, true),
    kernel_sup([]).

%% A server that ends is started again by who needs it next.
kernel_sup(Servers) ->
    receive
        {start, From, Ref, Name, Start} ->
            Started = started(Name, Start, Servers),
            From ! {Ref, started},
            kernel_sup(Started);
        {'EXIT', Pid, Reason} ->
            case lists:keytake(Pid, 2, Servers) of
                {value, _, Others} -> kernel_sup(Others);
                %% What it was started for stops.
                false when Reason =:= shutdown -> stop(Servers);
                false -> kernel_sup(Servers)
            end;
        {'$gen_call', From, Request} ->
            kernel_sup(answer(Request, From, Servers));
        _ ->
            kernel_sup(Servers)
    end.

answer(which_children, From, Servers) ->
    Own = [{Name, Pid, worker, [module(Name)]} || {Name, Pid} <- children(Servers)],
    gen:reply(From, ask(which_children, Servers, []) ++ Own),
    Servers;
answer(count_children, From, Servers) ->
    Own = children(Servers),
    Counts = ask(count_children, Servers, [{specs, 0}, {active, 0}, {supervisors, 0}, {workers, 0}]),
    gen:reply(From, [{Key, Count + own(Key, Own)} || {Key, Count} <- Counts]),
    Servers;
answer({What, Name} = Request, From, Servers) when What =:= terminate_child; What =:= delete_child ->
    case lists:keyfind(Name, 1, lists:keydelete(?MODULE, 1, Servers)) of
        {_, Server} ->
            {Reply, Next} = without(What, Name, Server, Servers),
            gen:reply(From, Reply),
            Next;
        false ->
            hand_over(Request, From, Servers)
    end;
answer(Request, From, Servers) ->
    hand_over(Request, From, Servers).

hand_over(Request, From, Servers) ->
    case lists:keyfind(?MODULE, 1, Servers) of
        {_, Supervisor} ->
            Supervisor ! {'$gen_call', From, Request},
            Servers;
        false ->
            hand_over(Request, From, [{?MODULE, supervisor()} | Servers])
    end.

%% The last started first.
stop([{_, Server} | Servers]) ->
    _ = is_pid(Server) andalso shut_down(Server),
    stop(Servers);
stop([]) ->
    exit(shutdown).

shut_down(Server) ->
    Monitor = monitor(process, Server),
    exit(Server, shutdown),
    receive
        {'DOWN', Monitor, _, _, _} -> ok
    after 5000 ->
        exit(Server, kill),
        receive
            {'DOWN', Monitor, _, _, _} -> ok
        end
    end.

%% A server that was told to end is still one of the children until it is deleted.
without(terminate_child, Name, Server, Servers) when is_pid(Server) ->
    shut_down(Server),
    receive
        {'EXIT', Server, _} -> ok
    after 0 -> ok
    end,
    {ok, lists:keystore(Name, 1, Servers, {Name, undefined})};
without(terminate_child, _, undefined, Servers) ->
    {ok, Servers};
without(delete_child, Name, undefined, Servers) ->
    {ok, lists:keydelete(Name, 1, Servers)};
without(delete_child, _, _, Servers) ->
    {{error, running}, Servers}.

own(supervisors, _) -> 0;
own(active, Children) -> length([Pid || {_, Pid} <- Children, is_pid(Pid)]);
own(_, Children) -> length(Children).

%% Asks the supervisor of added children, if there is one.
ask(Question, Servers, Otherwise) ->
    case lists:keyfind(?MODULE, 1, Servers) of
        {_, Supervisor} ->
            Monitor = monitor(process, Supervisor),
            Supervisor ! {'$gen_call', {self(), Monitor}, Question},
            receive
                {Monitor, Answer} ->
                    demonitor(Monitor, [flush]),
                    Answer;
                {'DOWN', Monitor, process, _, _} ->
                    Otherwise
            end;
        false ->
            Otherwise
    end.

supervisor() ->
    {ok, Supervisor} = supervisor:start_link(?MODULE, []),
    Supervisor.

init([]) ->
    {ok, {{one_for_all, 0, 1}, []}}.

%% Another process may have been faster.
started(Name, Start, Servers) ->
    case whereis(Name) of
        undefined ->
            {ok, Pid} = Start(),
            [{Name, Pid} | lists:keydelete(Name, 1, Servers)];
        _ ->
            Servers
    end.

children(Servers) ->
    lists:keydelete(?MODULE, 1, Servers) ++ [{Name, whereis(Name)} || Name <- [user, standard_error, code_server]].

module(timer_server) -> timer;
module(dets) -> dets_server;
module(global_name_server) -> global;
module(rex) -> rpc;
module(Name) -> Name.

code_server() ->
    receive
        _ -> code_server()
    end.
