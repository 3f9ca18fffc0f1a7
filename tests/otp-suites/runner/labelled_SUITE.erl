%% labelled_SUITE: what suite_labels must say of cases that do and do not keep to a closed world.
%%
%% `labels/0` gives the labels that the cases must have. Not part of native builds.
-module(labelled_SUITE).
-export([all/0, groups/0, labels/0, init_per_group/2, end_per_group/2, init_per_testcase/2, end_per_testcase/2]).
-export([quiet/1, traces/1, loads/1, calls_first/1, calls_again/1, is_prepared/1]).

all() -> [quiet, {group, prepared_by_nothing}, {group, prepared_by_tracing}, {group, prepared_by_compiling}].

groups() ->
    [
        {prepared_by_nothing, [], [quiet, traces, loads, is_prepared]},
        {prepared_by_tracing, [], [quiet]},
        {prepared_by_compiling, [], [quiet, calls_first, calls_again]}
    ].

labels() ->
    [
        {[], quiet, []},
        {[prepared_by_nothing], quiet, []},
        {[prepared_by_nothing], traces, [tracing]},
        {[prepared_by_nothing], loads, [loading]},
        {[prepared_by_nothing], is_prepared, [tracing]},
        {[prepared_by_tracing], quiet, [{preparation, tracing}]},
        {[prepared_by_compiling], quiet, []},
        {[prepared_by_compiling], calls_first, [loading]},
        {[prepared_by_compiling], calls_again, [loading]}
    ].

%% A module of OTP that is called for the first time is not of an open world.
init_per_group(prepared_by_nothing, Config) ->
    [{set, sofs:set([1, 2])} | Config];
init_per_group(prepared_by_tracing, Config) ->
    1 = erlang:trace(self(), true, [procs]),
    1 = erlang:trace(self(), false, [procs]),
    Config;
init_per_group(prepared_by_compiling, Config) ->
    ok = file:write_file("compiled_when_run.erl", "-module(compiled_when_run). -export([f/0]). f() -> ok."),
    {ok, compiled_when_run} = compile:file("compiled_when_run.erl"),
    Config.

end_per_group(_, _) -> ok.

init_per_testcase(is_prepared, Config) -> traces(Config), Config;
init_per_testcase(_, Config) -> Config.

end_per_testcase(_, _) -> ok.

quiet(_) -> [1, 2] = ordsets:from_list([2, 1]).

traces(_) -> 1 = erlang:trace(self(), false, [call]).

loads(_) ->
    Forms = [{attribute, 1, module, loaded_when_run}],
    {ok, Module, Code} = compile:forms(Forms),
    {module, Module} = code:load_binary(Module, "loaded_when_run.erl", Code).

calls_first(_) -> ok = compiled_when_run:f().

calls_again(Config) -> calls_first(Config).

is_prepared(_) -> ok.
