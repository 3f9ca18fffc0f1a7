%% The code server's questions, answered from what is in the executable: nothing is ever loaded.
-module(code).

-export([
    ensure_loaded/1,
    ensure_modules_loaded/1,
    is_loaded/1,
    all_loaded/0,
    which/1,
    load_file/1,
    load_abs/1,
    load_abs/2,
    load_binary/3,
    atomic_load/1,
    prepare_loading/1,
    finish_loading/1,
    priv_dir/1,
    lib_dir/0,
    lib_dir/1,
    lib_dir/2,
    root_dir/0,
    compiler_dir/0,
    get_path/0,
    set_path/1,
    add_path/1,
    add_patha/1,
    add_pathz/1,
    add_paths/1,
    add_pathsa/1,
    add_pathsz/1,
    del_path/1,
    del_paths/1,
    where_is_file/1,
    get_mode/0,
    get_object_code/1,
    is_sticky/1,
    purge/1,
    soft_purge/1,
    delete/1
]).

ensure_loaded(Module) when is_atom(Module) ->
    case erlang:module_loaded(Module) of
        true -> {module, Module};
        false -> {error, nofile}
    end.

ensure_modules_loaded(Modules) ->
    case [{Module, nofile} || Module <- Modules, ensure_loaded(Module) =:= {error, nofile}] of
        [] -> ok;
        Errors -> {error, Errors}
    end.

is_loaded(Module) when is_atom(Module) ->
    case erlang:module_loaded(Module) of
        true -> {file, file(Module)};
        false -> false
    end.

which(Module) when is_atom(Module) ->
    case erlang:module_loaded(Module) of
        true -> file(Module);
        false -> non_existing
    end.

all_loaded() ->
    [{Module, file(Module)} || Module <- erlang:loaded()].

%% Where the file of a module would be.
file(Module) ->
    Applications = [
        Name
     || {application, Name, Keys} <- beamrc_program:applications(),
        {modules, Modules} <- Keys,
        lists:member(Module, Modules)
    ],
    case {Applications, lists:member(Module, preloaded())} of
        {[Application | _], _} -> file(lib_dir(Application), Module);
        {[], true} -> preloaded;
        {[], false} -> file(root_dir(), Module)
    end.

file(Dir, Module) ->
    filename:join([Dir, "ebin", atom_to_list(Module) ++ ".beam"]).

%% What OTP's emulator has in itself.
preloaded() ->
    [
        atomics, counters, erl_init, erl_tracer, erlang, erts_code_purger,
        erts_dirty_process_signal_handler, erts_internal, erts_literal_area_collector,
        erts_trace_cleaner, init, persistent_term, prim_buffer, prim_eval, prim_file, prim_inet,
        prim_net, prim_socket, prim_zip, socket_registry, zlib
    ].

load_file(Module) ->
    ensure_loaded(Module).

load_abs(File) ->
    load_abs(File, list_to_atom(filename:basename(File))).

load_abs(_File, Module) ->
    ensure_loaded(Module).

load_binary(_, _, _) ->
    {error, badfile}.

atomic_load(Modules) ->
    prepare_loading(Modules).

prepare_loading(Modules) ->
    {error, [{name(Module), badfile} || Module <- Modules]}.

finish_loading(Prepared) ->
    {error, [{name(Module), badfile} || Module <- Prepared]}.

name({Module, _}) -> Module;
name({Module, _, _}) -> Module;
name(Module) -> Module.

%% Applications that are not in a folder of ERL_LIBS seem to be in one that stands for the executable;
%% files of their folders `priv` can be read there.

priv_dir(Application) ->
    lib_dir(Application, priv).

lib_dir() ->
    filename:join(root_dir(), "lib").

lib_dir(Application) when is_list(Application) ->
    lib_dir(list_to_atom(Application));
lib_dir(Application) when is_atom(Application) ->
    case in_libraries(atom_to_list(Application), libraries()) of
        {error, _} = Error ->
            case lists:keymember(Application, 2, beamrc_program:applications()) of
                true -> filename:join(lib_dir(), atom_to_list(Application));
                false -> Error
            end;
        Dir ->
            Dir
    end.

%% Where OTP too looks for applications before it looks in its own folder.
libraries() ->
    case os:getenv("ERL_LIBS") of
        false -> [];
        Folders -> string:lexemes(Folders, ":")
    end.

%% The folder of the application's highest version in the first library that has any.
in_libraries(Application, [Library | Libraries]) ->
    case prim_file:list_dir(Library) of
        {ok, Names} ->
            Versions = [{version(Name, Application), Name} || Name <- Names],
            case lists:max([{none, ""} | [Found || {Version, _} = Found <- Versions, is_list(Version)]]) of
                {none, _} -> in_libraries(Application, Libraries);
                {_, Name} -> filename:join(Library, Name)
            end;
        {error, _} ->
            in_libraries(Application, Libraries)
    end;
in_libraries(_, []) ->
    {error, bad_name}.

%% `Application` or `Application-1.2.3`; atoms are less than lists.
version(Name, Name) ->
    [];
version(Name, Application) ->
    case lists:prefix(Application ++ "-", Name) of
        true ->
            Version = lists:nthtail(length(Application) + 1, Name),
            try
                [list_to_integer(Number) || Number <- string:lexemes(Version, ".")]
            catch
                error:badarg -> none
            end;
        false ->
            none
    end.

lib_dir(Application, Sub) ->
    case lib_dir(Application) of
        {error, _} = Error -> Error;
        Dir -> filename:join(Dir, atom_to_list(Sub))
    end.

root_dir() -> unicode:characters_to_list(beamrc_program:root()).

compiler_dir() -> "".

%% Nothing is looked for in folders, so there are none.
get_path() -> [].

set_path(_) -> true.

add_path(_) -> {error, bad_directory}.

add_patha(_) -> {error, bad_directory}.

add_pathz(_) -> {error, bad_directory}.

add_paths(_) -> ok.

add_pathsa(_) -> ok.

add_pathsz(_) -> ok.

del_path(_) -> false.

del_paths(_) -> ok.

where_is_file(_) -> non_existing.

get_mode() -> embedded.

get_object_code(_) -> error.

is_sticky(_) -> false.

purge(_) -> false.

soft_purge(_) -> true.

delete(_) -> false.
