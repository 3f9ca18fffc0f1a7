%% Processes that never wait are pre-empted, so that others get their turn.
-module(spawn_busy).
-export([main/0]).

main() ->
    Parent = self(),
    Spinners = [spawn(fun() -> spin(0) end) || _ <- lists:seq(1, 4)],
    Worker = spawn(fun() -> Parent ! {self(), lists:sum(lists:seq(1, 100000))} end),
    io:format("~w~n", [receive {Worker, Sum} -> Sum after 10000 -> starved end]),
    [exit(S, kill) || S <- Spinners],
    io:format("~w~n", [length([S || S <- Spinners, wait_dead(S)])]).

spin(N) -> spin(N + 1).

wait_dead(Pid) ->
    Ref = monitor(process, Pid),
    receive {'DOWN', Ref, _, _, _} -> true after 5000 -> false end.
