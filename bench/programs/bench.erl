%% What every benchmark shares: runs it once for the number of rounds in the first argument, or for the
%% default, and prints the microseconds that it took, or what else it measured, and a checksum of its
%% result.
-module(bench).
-export([run/2, measure/2]).

run(Benchmark, Default) ->
    Rounds = rounds(Default),
    Before = erlang:monotonic_time(),
    Result = Benchmark(Rounds),
    After = erlang:monotonic_time(),
    Microseconds = erlang:convert_time_unit(After - Before, native, microsecond),
    io:format("~b ~b~n", [Microseconds, erlang:phash2(Result)]).

%% The benchmark returns what it measured, and its result.
measure(Benchmark, Default) ->
    {Value, Result} = Benchmark(rounds(Default)),
    io:format("~b ~b~n", [Value, erlang:phash2(Result)]).

rounds(Default) ->
    erlang:garbage_collect(),
    case init:get_plain_arguments() of
        [Given | _] -> list_to_integer(Given);
        [] -> Default
    end.
