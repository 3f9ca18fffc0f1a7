%% A permanent application that ends takes the others and the program with it.
%% otp: 26+
%% exit: 1
%% stderr: compare
-module(app_permanent).
-behaviour(application).
-export([main/0, start/2, prep_stop/1, stop/1]).

main() ->
    logger:set_primary_config(level, none),
    os:putenv("ERL_CRASH_DUMP_SECONDS", "0"),
    [ok = application:load({application, Name, [{mod, {?MODULE, Name}}]}) || Name <- [first, second, third]],
    ok = application:start(first),
    ok = application:start(second, transient),
    ok = application:start(third, permanent),
    show([Name || {Name, _, _} <- application:which_applications()]),
    exit(whereis(third), no_longer),
    receive after infinity -> ok end.

start(normal, Name) ->
    Pid = spawn_link(fun() ->
        process_flag(trap_exit, Name =/= third),
        true = register(Name, self()),
        receive
            {'EXIT', _, Reason} -> show({Name, Reason})
        end
    end),
    {ok, Pid, Name}.

prep_stop(Name) ->
    show({prep_stop, Name}),
    Name.

stop(Name) ->
    show({stop, Name}).

show(X) -> io:format("~p~n", [X]).
