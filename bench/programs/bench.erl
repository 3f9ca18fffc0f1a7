%% What every benchmark shares: runs it once for the number of rounds in the first argument, or for the
%% default, and prints the microseconds that it took and a checksum of its result.
-module(bench).
-export([run/2]).

run(Benchmark, Default) ->
    Rounds = case init:get_plain_arguments() of
        [Given | _] -> list_to_integer(Given);
        [] -> Default
    end,
    erlang:garbage_collect(),
    Before = erlang:monotonic_time(),
    Result = Benchmark(Rounds),
    After = erlang:monotonic_time(),
    Microseconds = erlang:convert_time_unit(After - Before, native, microsecond),
    io:format("~b ~b~n", [Microseconds, erlang:phash2(Result)]).
