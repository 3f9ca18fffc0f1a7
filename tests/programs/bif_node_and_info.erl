%% Facts about the system that every program may ask for and that do not vary.
-module(bif_node_and_info).
-export([main/0]).

main() ->
    show([node(), nodes(), is_alive(), erlang:system_info(wordsize), erlang:system_info(machine), erlang:system_info(process_limit) > 1000]),
    show([is_list(erlang:system_info(otp_release)), is_list(erlang:system_info(version)), erlang:system_info(schedulers) >= 1, erlang:system_info(endian)]),
    show([is_integer(erlang:memory(total)), erlang:statistics(run_queue) >= 0, tuple_size(erlang:statistics(runtime)), is_integer(element(1, erlang:statistics(reductions)))]),
    show([erlang:function_exported(lists, map, 2), erlang:function_exported(lists, map, 9), erlang:is_builtin(erlang, length, 1), erlang:function_exported(?MODULE, main, 0)]),
    show([binary:part(erlang:system_info(Text), 0, Size) || {Text, Size} <- [{info, 15}, {loaded, 14}, {procs, 15}]]),
    show(erlang:system_info(dist)),
    show(?MODULE:module_info(module)),
    show(lists:sort(?MODULE:module_info(exports))).

show(X) -> io:format("~p~n", [X]).
