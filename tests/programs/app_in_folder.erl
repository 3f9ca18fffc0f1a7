%% A specification that is no part of the program is read from the current folder.
-module(app_in_folder).
-behaviour(application).
-export([main/0, start/2, stop/1]).

main() ->
    logger:set_primary_config(level, none),
    File = "in_folder.app",
    Text = io_lib:format("%% As in a release.~n~p.~n", [
        {application, in_folder, [{vsn, "1.0"}, {mod, {?MODULE, []}}, {env, [{key, <<"value">>}]}, {applications, [kernel, stdlib]}]}
    ]),
    show(application:load(in_folder)),
    ok = file:write_file(File, Text),
    {ok, [_]} = file:consult(File),
    show(application:ensure_all_started(in_folder)),
    show(application:get_env(in_folder, key)),
    show(application:stop(in_folder)),
    show(application:unload(in_folder)),
    ok = file:delete(File),
    show(application:start(in_folder)).

start(Type, Args) ->
    show({start, Type, Args, application:get_application()}),
    {ok, spawn_link(fun() -> receive after infinity -> ok end end)}.

stop(State) ->
    show({stop, State}).

show(X) -> io:format("~p~n", [X]).
