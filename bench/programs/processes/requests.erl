%% Processes that live for one request, with a heap that is large enough for all of it: how often they
%% collected is part of the result.
-module(requests).
-export([main/0, run/1, request/2]).

-define(BATCH, 100).
-define(HEAP_WORDS, 4000).

main() -> bench:run(fun ?MODULE:run/1, 10000).

run(Rounds) ->
    Options = [{min_heap_size, ?HEAP_WORDS}],
    lists:sum([batch(Options) || _ <- lists:seq(1, Rounds)]).

batch(Options) ->
    [spawn_opt(?MODULE, request, [self(), I], Options) || I <- lists:seq(1, ?BATCH)],
    lists:sum([receive {done, Sum, 0} -> Sum end || _ <- lists:seq(1, ?BATCH)]).

request(Parent, I) ->
    Fields = maps:from_list([{N, {field, N * I}} || N <- lists:seq(1, 30)]),
    Sum = maps:fold(fun(_, {field, Value}, Total) -> Total + Value end, 0, Fields),
    {garbage_collection, Info} = process_info(self(), garbage_collection),
    Parent ! {done, Sum, proplists:get_value(minor_gcs, Info)}.
