%% Processes in every state, until a line comes in.
-module(dumped).
-export([main/0, idle/1, spin/1, wake/0]).

main() ->
    Idle = spawn(?MODULE, idle, [1]),
    register(named, Idle),
    [Idle ! {message, N} || N <- [1, 2, 3]],
    Spin = spawn(?MODULE, spin, [1]),
    spawn(fun() -> erlang:hibernate(?MODULE, wake, []) end),
    Suspended = spawn(?MODULE, idle, [2]),
    erlang:suspend_process(Suspended),
    receive after 50 -> ok end,
    io:format("ready~n"),
    io:get_line(""),
    true = is_process_alive(Spin),
    io:format("went on~n").

spin(N) -> spin(N + 1).

wake() -> ok.

%% Waits for what nobody sends.
idle(N) ->
    receive
        never -> N
    end.
