%% test_lib: the helper of the compiler's suites, without what reads .beam files or compiles a suite again.
-module(test_lib).
-compile({no_auto_import, [binary_part/2]}).
-export([id/1, recompile/1, recompile_core/1, smoke_disasm/1, parallel/0, uniq/0, opt_opts/1]).
-export([get_data_dir/1, is_cloned_mod/1, highest_opcode/1, p_run/2, p_run/3, binary_part/2, binary/1]).

id(Term) -> Term.

recompile(_) -> ok.
recompile_core(_) -> ok.
smoke_disasm(_) -> ok.
highest_opcode(_) -> exit({not_in_this_runner, highest_opcode}).

parallel() -> [].
uniq() -> "_" ++ integer_to_list(erlang:unique_integer([positive])).

%% The options that tell a suite compiled in another way from the suite itself.
opt_opts(Module) ->
    Options = proplists:get_value(options, Module:module_info(compile), []),
    [Option || Option <- Options, is_atom(Option), lists:prefix("no_", atom_to_list(Option)) orelse
        lists:member(Option, [debug_info, dialyzer, inline, line_coverage])].

%% A suite compiled in another way uses the files of the suite itself: the runner gives it their copy.
get_data_dir(Config) -> proplists:get_value(data_dir, Config).

is_cloned_mod(Module) ->
    Ways = "(no_opt|no_copt|no_copt_ssa|no_ssa_opt|no_type_opt|post_opt|inline|no_module_opt|cover)",
    re:run(atom_to_list(Module), "_" ++ Ways ++ "_SUITE$", [{capture, none}]) =:= match.

p_run(Test, Inputs) -> p_run(Test, Inputs, 1).
p_run(Test, Inputs, _) ->
    case [Input || Input <- Inputs, not lists:member(Test(Input), [ok, warning])] of
        [] -> ok;
        Failed -> ct:fail({length(Failed), errors})
    end.

%% Suites that override BIFs call these.
binary_part(_, _) -> dummy.
binary(Number) -> Number rem 10 =:= 0.
