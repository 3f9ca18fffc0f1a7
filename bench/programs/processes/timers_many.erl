%% A million timers at once, looked at and cancelled.
-module(timers_many).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 1000000).

run(Count) ->
    Timers = [erlang:start_timer(60000 + N rem 100000, self(), N) || N <- lists:seq(1, Count)],
    Read = length([T || T <- Timers, erlang:read_timer(T) > 0]),
    Cancelled = length([T || T <- Timers, is_integer(erlang:cancel_timer(T))]),
    {Read, Cancelled}.
