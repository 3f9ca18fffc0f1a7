%% OTP's controller, which starts before the program where the program can ask it anything.
%% Specifications are in the executable; what `-config`, `sys.config` and `erl -kernel Key Value` are to
%% OTP, there is not.
-module(application_controller).

-on_load(beamrc_start/0).
%% What the controller could do besides, such as reading files, must not become part of every program.
-beamrc_unlikely([beamrc_start, beamrc_read]).
-beamrc_uses([{init, 2}, {make_appl_i, 1}, {prim_parse, 2}, {merge_env, 2}]).
-export([beamrc_start/0, make_appl/1, check_conf/0, get_cmd_env/1, check_conf_sys/1]).

beamrc_start() ->
    Init = whereis(init),
    [Kernel, Stdlib] = [lists:keyfind(Name, 2, beamrc_program:applications()) || Name <- [kernel, stdlib]],
    Controller = beamrc_applications:become(fun() -> application_controller:init(Init, Kernel) end),
    Ask = fun(Request) -> ok = gen_server:call(Controller, Request, infinity) end,
    Ask({start_application, kernel, permanent}),
    Ask({load_application, Stdlib}),
    Ask({start_application, stdlib, permanent}).

make_appl(Name) when is_atom(Name) ->
    case lists:keyfind(Name, 2, beamrc_program:applications()) of
        false -> beamrc_read(atom_to_list(Name) ++ ".app");
        Specification -> {ok, application_controller:make_appl_i(Specification)}
    end;
make_appl(Specification) ->
    {ok, application_controller:make_appl_i(Specification)}.

%% From the current folder, which is where `erl` looks first.
beamrc_read(File) ->
    case {prim_file:read_file(File), erlang:module_loaded(erl_parse)} of
        {{ok, Text}, true} ->
            {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Text)),
            {ok, [Specification]} = application_controller:prim_parse(Tokens, []),
            {ok, application_controller:make_appl_i(Specification)};
        {{ok, _}, false} ->
            {error, {"the program has no parser: build it with --keep erl_parse", File}};
        {{error, _}, _} ->
            {error, {"no such file or directory", File}}
    end.

check_conf() -> {ok, []}.

get_cmd_env(_) -> [].

%% Texts in a configuration are names of files.
check_conf_sys(Config) ->
    {Files, Environments} = lists:partition(fun erlang:is_list/1, Config),
    Merge = fun(Environment, Merged) -> application_controller:merge_env(Merged, [Environment]) end,
    Errors = [{error, {File, none, "an executable reads no configuration files"}} || File <- Files],
    {ok, lists:foldl(Merge, [], Environments), Errors}.
