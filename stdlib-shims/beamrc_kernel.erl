%% Servers that are children of OTP's kernel supervisors come into being here when a program first
%% needs them. Each function returns when its process is there.
-module(beamrc_kernel).

-export([file_server/0, timer_server/0, dets/0, disk_log/0]).

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

%% The server is no child of who needs it first, and does not belong to its application.
ensure(Name, Start) ->
    case whereis(Name) of
        undefined ->
            {_, Monitor} = spawn_monitor(fun() ->
                group_leader(whereis(user), self()),
                started(Start())
            end),
            receive
                {'DOWN', Monitor, process, _, _} -> ok
            end;
        _ ->
            ok
    end.

%% Another process may have been faster.
started({ok, Pid}) -> unlink(Pid);
started({error, {already_started, _}}) -> ok.
