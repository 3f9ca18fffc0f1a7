%% What is garbage already counts for max_heap_size; OTP 25 does not count what BIFs have made since the
%% last collection.
%% otp: 27+
-module(proc_max_heap_garbage).
-export([main/0]).

main() ->
    io:format("~p~n", [[end_of(fun() -> garbage(1000) end, Max) || Max <- [1000, 0]]]).

end_of(Fun, Max) ->
    {P, R} = spawn_opt(Fun, [monitor, {max_heap_size, #{size => Max, error_logger => false}}]),
    receive {'DOWN', R, process, P, Why} -> Why end.

garbage(0) -> ok;
garbage(N) -> erlang:make_tuple(2000, []), garbage(N - 1).
