%% Memory for each process that waits for a message: of the whole program, a second before it ends.
%% bench: unit bytes
-module(idle_processes).
-export([main/0, run/1, idle/1]).

-define(BATCH, 1000).

main() ->
    bench:run(fun ?MODULE:run/1, 1000000),
    receive after 1000 -> ok end.

run(Count) ->
    put(processes, start(Count, [])),
    erlang:garbage_collect(),
    length([alive || P <- get(processes), is_process_alive(P)]) > 0.

start(Count, Processes) when Count < ?BATCH -> Processes;
start(Count, Processes) ->
    Batch = [spawn(?MODULE, idle, [self()]) || _ <- lists:seq(1, ?BATCH)],
    [receive {ready, P} -> ok end || P <- Batch],
    start(Count - ?BATCH, Batch ++ Processes).

idle(Parent) ->
    Parent ! {ready, self()},
    receive stop -> ok end.
