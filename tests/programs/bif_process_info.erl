%% process_info of the first process for the keys whose values are fixed.
-module(bif_process_info).
-export([main/0, id/1]).

main() ->
    show([process_info(self(), K) || K <- [message_queue_len, trap_exit, links, status, priority, registered_name, messages, dictionary, monitors]]),
    self() ! a,
    self() ! {b, [1]},
    show(process_info(self(), [message_queue_len, messages])),
    process_flag(trap_exit, true),
    register(me, self()),
    show(process_info(self(), [trap_exit, registered_name])),
    show([is_process_alive(self()), lists:member(self(), processes()), process_flag(priority, high), process_flag(priority, normal)]),
    show([K || {K, V} <- process_info(self(), [heap_size, total_heap_size, stack_size, reductions, memory]), is_integer(V), V > 0]),
    show(try process_info(self(), id(no_such_key)) catch C:R -> {C, R} end).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
