%% Timers that processes set for themselves go with them, and so do the messages.
-module(timers_exited).
-export([main/0, start/1]).

main() ->
    Before = erlang:memory(binary),
    Monitors = [spawn_monitor(?MODULE, start, [N]) || N <- lists:seq(1, 50)],
    [receive {'DOWN', Reference, process, Pid, Reason} -> normal = Reason end || {Pid, Reference} <- Monitors],
    io:format("~w~n", [is_given_back(Before + 5000000, 500)]),
    Timer = erlang:send_after(1, self(), done),
    receive done -> ok end,
    io:format("~w~n", [erlang:read_timer(Timer)]).

start(N) ->
    Bytes = binary:copy(<<N>>, 1000000),
    [erlang:send_after(0, self(), now) || _ <- lists:seq(1, N)],
    erlang:send_after(1000000, self(), Bytes),
    _ = erlang:start_timer(1000000, self(), Bytes),
    _ = erlang:cancel_timer(erlang:start_timer(1000000, self(), Bytes)),
    receive now -> ok end.

is_given_back(_, 0) -> false;
is_given_back(Most, Tries) ->
    case erlang:memory(binary) < Most of
        true -> true;
        false -> receive after 10 -> is_given_back(Most, Tries - 1) end
    end.
