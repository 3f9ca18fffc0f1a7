%% Messages to oneself: order, patterns, guards, and what stays in the queue.
-module(receive_self).
-export([main/0]).

main() ->
    [self() ! M || M <- [{a, 1}, b, {a, 2}, {c, [x]}, "text", 7, 8]],
    show(receive {a, N} when N > 1 -> N end),
    show(receive X when is_integer(X) -> X end),
    show(receive {a, N2} -> N2; b -> wrong end),
    show(receive {T, L} when is_list(L) -> {T, L}; b -> b end),
    show(flush()),
    show(receive after 0 -> empty end).

flush() ->
    receive M -> [M | flush()]
    after 0 -> []
    end.

show(X) -> io:format("~w~n", [X]).
