%% Names of the system's processes, and what module code says of modules that are linked in.
-module(names_and_code).
-export([main/0, exported/1]).

main() ->
    Names = [init, user, standard_error, logger, application_controller, kernel_sup, code_server],
    show([Name || Name <- Names, not is_pid(whereis(Name))]),
    show(Names -- registered()),
    {'EXIT', {badarg, [{erlang, register, [code_server, _], Info} | _]}} = (catch register(code_server, self())),
    show(Info),
    show(init:get_argument(root) =:= {ok, [[code:root_dir()]]}),
    show(code:ensure_loaded(?MODULE)),
    show(code:ensure_loaded(lists)),
    show(code:ensure_loaded(no_such_module)),
    show(code:ensure_modules_loaded([lists, ?MODULE])),
    show(code:ensure_modules_loaded([lists, no_such_module])),
    show([erlang:module_loaded(M) || M <- [?MODULE, lists, erlang, no_such_module]]),
    show([erlang:function_exported(M, F, A) || {M, F, A} <- [
        {?MODULE, exported, 1}, {?MODULE, show, 1}, {?MODULE, module_info, 0}, {lists, map, 2},
        {erlang, self, 0}, {no_such_module, f, 0}
    ]]),
    show(lists:sort(?MODULE:module_info(exports))),
    show(?MODULE:module_info(module)),
    show(proplists:get_value(vsn, ?MODULE:module_info(attributes)) =/= undefined),
    show(is_binary(?MODULE:module_info(md5))),
    show([code:is_loaded(no_such_module), element(1, code:is_loaded(lists))]),
    show([code:which(no_such_module), is_list(code:which(?MODULE)), code:which(erlang)]),
    show([code:lib_dir(no_such_application), code:priv_dir(no_such_application)]),
    show(lists:member(?MODULE, [M || {M, _} <- code:all_loaded()])),
    show(init:get_status()),
    show(lists:map(fun exported/1, [1, 2])),
    show(supervisor:which_children(kernel_sup) =/= []).

exported(X) -> {X}.

show(X) -> io:format("~p~n", [X]).
