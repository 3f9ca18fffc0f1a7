%% The code server's questions, answered from what is in the executable: nothing is ever loaded.
-module(code).

-export([
    ensure_loaded/1,
    ensure_modules_loaded/1,
    is_loaded/1,
    which/1,
    load_file/1,
    load_binary/3,
    priv_dir/1,
    lib_dir/1,
    lib_dir/2,
    root_dir/0,
    get_path/0,
    get_mode/0,
    get_object_code/1,
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

%% Modules have no files.
file(_) ->
    [].

load_file(Module) ->
    ensure_loaded(Module).

load_binary(_, _, _) ->
    {error, badfile}.

priv_dir(Application) when is_list(Application) ->
    priv_dir(list_to_atom(Application));
priv_dir(Application) when is_atom(Application) ->
    case lists:keyfind(Application, 1, beamrc_program:priv_dirs()) of
        {_, Dir} ->
            unicode:characters_to_list(Dir);
        false ->
            case lib_dir(Application) of
                {error, bad_name} -> {error, bad_name};
                Dir -> filename:join(Dir, "priv")
            end
    end.

lib_dir(Application) when is_list(Application) ->
    lib_dir(list_to_atom(Application));
lib_dir(Application) when is_atom(Application) ->
    case lists:keyfind(Application, 1, beamrc_program:priv_dirs()) of
        {_, Dir} -> filename:dirname(unicode:characters_to_list(Dir));
        false -> {error, bad_name}
    end.

lib_dir(Application, Sub) ->
    case lib_dir(Application) of
        {error, _} = Error -> Error;
        Dir -> filename:join(Dir, atom_to_list(Sub))
    end.

root_dir() -> "".

get_path() -> [].

get_mode() -> embedded.

get_object_code(_) -> error.

purge(_) -> false.

soft_purge(_) -> true.

delete(_) -> false.
