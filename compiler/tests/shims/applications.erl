%% Uses an application module, OTP's or the shim, and prints what it answers.
-module(applications).
-export([main/1, write_files/0]).

main(A) ->
    persistent_term:put(application_module, A),
    logger:set_primary_config(level, none),
    Calls = [
        {ensure_all_started, [a]},
        {ensure_all_started, [a]},
        {start, [b]},
        {start, [nowhere]},
        {ensure_all_started, [needing]},
        {ensure_all_started, [lost]},
        {start, [needing]},
        {start, [failing]},
        {get_env, [a, key]},
        {set_env, [a, key, 5]},
        {get_env, [a, key]},
        {get_env, [a, other, default]},
        {set_env, [not_loaded, key, 1]},
        {get_env, [not_loaded, key]},
        {unset_env, [not_loaded, key]},
        {get_env, [not_loaded, key]},
        {get_key, [b, description]},
        {get_all_key, [b]},
        {get_key, [nowhere, vsn]},
        {get_application, [started]},
        {load, [phased]},
        {load, [phased]},
        {ensure_started, [phased]},
        {ensure_started, [phased]},
        {stop, [phased]},
        {stop, [a]},
        {stop, [a]},
        {unload, [b]},
        {unload, [a]},
        {unload, [a]},
        {get_env, [a, key]},
        {get_all_env, [phased]}
    ],
    [io:format("~p ~p~n  ~p~n", [F, Args, apply(A, F, Args)]) || {F, Args} <- Calls],
    io:format("~p~n", [[Name || {Name, _, _} <- A:which_applications()]]),
    io:format("~p~n", [lists:sort([Name || {Name, _, _} <- A:loaded_applications()])]),
    halt().

%% The specifications as files, for OTP.
write_files() ->
    [
        file:write_file(atom_to_list(Name) ++ ".app", io_lib:format("~p.~n", [S]))
     || {application, Name, _} = S <- beamrc_program:applications(), Name =/= kernel, Name =/= stdlib
    ].
