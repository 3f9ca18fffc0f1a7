%% suite_labels: runs cases under the real erl and notes what each of them uses of an open world.
%%
%% The processes of a case, and those of what prepares it, are traced for calls of the functions below,
%% apart from the tracing of the case itself. What comes to be loaded from elsewhere than OTP's folders
%% and those of the compiled suite, such as a module that the suite has compiled, is loading as well; it is
%% unloaded again, so that every case that uses it loads it.
%% This module is not part of native builds.
-module(suite_labels).
-export([start/0]).

start() ->
    spawn(fun() ->
        %% What is loaded later is not traced.
        [code:ensure_loaded(Module) || {_, Module, _} <- functions()],
        Folders = [filename:absname(Folder) || Folder <- code:get_path(), Folder =/= "."],
        suite_run:run(init:get_plain_arguments(), fun(Process) -> around(Process, Folders) end)
    end).

%% A label, and the functions that give it: all of a module, or those of some names.
functions() ->
    [
        {loading, code, [
            load_binary, load_file, load_abs, purge, soft_purge, delete, atomic_load, prepare_loading,
            ensure_modules_loaded, add_path, add_patha, add_pathz, set_path
        ]},
        %% Not prepare_loading: a module that is called for the first time is loaded with it.
        {loading, erlang, [load_module, load_nif, purge_module]},
        {loading, erl_ddll, all},
        {loading, c, [c]},
        {beam_files, beam_lib, all},
        {beam_files, code, [get_object_code, which, get_doc, root_dir, all_available]},
        {ports, erlang, [open_port, ports, port_info, port_to_list, list_to_port]},
        {ports, os, [cmd]},
        {ports, memsup, all},
        {sockets, prim_inet, [open, fdopen]},
        {sockets, prim_socket, [open]},
        {sockets, inet, [gethostbyname, gethostname, getaddr, getifaddrs]},
        {nodes, peer, all},
        {nodes, slave, all},
        {nodes, net_kernel, [start, stop, connect_node]},
        {nodes, erlang, [setnode, set_cookie, spawn_request_dist]},
        {nodes, test_server, [start_node, start_peer]},
        {tracing, erlang, [trace, trace_pattern, trace_info, trace_delivered, system_profile, system_monitor]},
        {tracing, trace, all},
        {tracing, dbg, all},
        {tracing, seq_trace, [set_token, set_system_tracer]},
        {internals, erts_debug, [
            get_internal_state, set_internal_state, breakpoint, disassemble, dump_monitors, dump_links,
            instructions, interpreter_size, lc_graph, lcnt_control, lcnt_collect, dist_ext_to_term,
            dirty, dirty_cpu, dirty_io, copy_shared
        ]},
        {internals, instrument, all}
    ].

around(Process, Folders) ->
    Loaded = code:all_loaded(),
    {Collector, Monitor} = spawn_monitor(fun() -> collect(#{}) end),
    Tracing = trace:session_create(suite_labels, Collector, []),
    [watch(Tracing, Module, Names) || {_, Module, Names} <- functions()],
    trace:process(Tracing, Process, true, [call, set_on_spawn]),
    fun() ->
        trace:session_destroy(Tracing),
        New = [Module || {Module, _} <- code:all_loaded() -- Loaded],
        Foreign = [unloaded(Module) || Module <- New, is_foreign(Module, Folders)],
        Collector ! {finish, self()},
        receive
            {labels, Labels} -> demonitor(Monitor, [flush]), lists:usort(Labels ++ Foreign);
            {'DOWN', Monitor, process, Collector, _} -> lists:usort(Foreign)
        end
    end.

is_foreign(Module, Folders) ->
    case code:which(Module) of
        [_ | _] = File -> not lists:member(filename:dirname(filename:absname(File)), Folders);
        _ -> false
    end.

unloaded(Module) ->
    %% Only what can be loaded again.
    _ = filelib:is_regular(code:which(Module)) andalso code:soft_purge(Module) andalso code:delete(Module),
    loading.

watch(Tracing, Module, all) ->
    trace:function(Tracing, {Module, '_', '_'}, [], []);
watch(Tracing, Module, Names) ->
    [
        trace:function(Tracing, {Module, Name, Arity}, specification(Module, Name), [])
     || {Name, Arity} <- Module:module_info(exports), lists:member(Name, Names)
    ].

%% Suites ask for the internal state to be available, and for tables to give way often (which only
%% emulators for debugging do), whether they use that or not.
specification(erts_debug, set_internal_state) ->
    [{['$1', '_'], [{'=/=', '$1', available_internal_state}, {'=/=', '$1', ets_force_trap}], []}];
specification(_, _) ->
    [].

collect(Labels) ->
    receive
        {trace, _, call, {Module, Function, _}} ->
            collect(lists:foldl(fun(Label, All) -> All#{Label => []} end, Labels, labels(Module, Function)));
        {finish, From} ->
            From ! {labels, maps:keys(Labels)};
        _ ->
            collect(Labels)
    end.

labels(Module, Function) ->
    [
        Label
     || {Label, In, Names} <- functions(), In =:= Module, Names =:= all orelse lists:member(Function, Names)
    ].
