%% A long loop that allocates in every round runs in constant memory.
-module(gc_loop_constant).
-export([main/0]).

main() ->
    io:format("~w~n", [loop(3000000, {0, 0.0, []})]),
    {_, Words} = erlang:process_info(self(), total_heap_size),
    io:format("~w~n", [Words < 1000000]).

loop(0, {A, B, _}) -> {A, B};
loop(N, {A, B, _}) -> loop(N - 1, {A + 1, B + 0.5, [A, N, {B}]}).
