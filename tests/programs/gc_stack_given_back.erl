%% The stack of a deep recursion is given back when the process is collected.
-module(gc_stack_given_back).
-export([main/0]).

main() ->
    io:format("~w~n", [deep(1000000)]),
    erlang:garbage_collect(),
    {stack_size, Words} = process_info(self(), stack_size),
    io:format("~w~n", [Words < 10000]).

deep(0) -> 0;
deep(N) -> 1 + deep(N - 1).
