%% The processes of OTP's kernel that programs know by name, as far as they are not others' concern:
%% `kernel_sup`, which starts servers when a program first needs them, and `code_server`, whose
%% questions module `code` answers.
-module(beamrc_kernel).

-export([start/0, file_server/0, timer_server/0, dets/0, disk_log/0]).

start() ->
    true = register(code_server, spawn(fun code_server/0)),
    true = register(kernel_sup, spawn(fun kernel_sup/0)).

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

ensure(Name, Start) ->
    case whereis(Name) of
        undefined ->
            Monitor = monitor(process, kernel_sup),
            kernel_sup ! {start, self(), Monitor, Name, Start},
            receive
                {Monitor, started} -> demonitor(Monitor, [flush]);
                {'DOWN', Monitor, process, _, _} -> ok
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
        {'EXIT', Server, _} ->
            kernel_sup(lists:keydelete(Server, 2, Servers));
        {'$gen_call', From, which_children} ->
            gen:reply(From, [{Name, Pid, worker, [Name]} || {Name, Pid} <- children(Servers)]),
            kernel_sup(Servers);
        {'$gen_call', From, count_children} ->
            Count = length(children(Servers)),
            gen:reply(From, [{specs, Count}, {active, Count}, {supervisors, 0}, {workers, Count}]),
            kernel_sup(Servers);
        {'$gen_call', From, _} ->
            gen:reply(From, {error, not_supported}),
            kernel_sup(Servers);
        _ ->
            kernel_sup(Servers)
    end.

%% Another process may have been faster.
started(Name, Start, Servers) ->
    case whereis(Name) of
        undefined ->
            {ok, Pid} = Start(),
            [{Name, Pid} | Servers];
        _ ->
            Servers
    end.

children(Servers) ->
    Servers ++ [{Name, whereis(Name)} || Name <- [user, standard_error, code_server]].

code_server() ->
    receive
        _ -> code_server()
    end.
