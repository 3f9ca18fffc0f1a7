%% How late timers are in a program that does nothing else: 99 of a hundred are not as late. None may be early.
%% The latest of all tells of the machine: where this was written, clock_nanosleep in C is now and then 20 ms late.
%% bench: unit us
%% bench: most 2000
-module(timer_delay).
-export([main/0, run/1]).

main() -> bench:measure(fun ?MODULE:run/1, 300).

run(Rounds) ->
    Delays = lists:sort([delay(I) || I <- lists:seq(1, Rounds)]),
    {lists:nth(Rounds - Rounds div 100, Delays), Rounds}.

delay(I) ->
    Milliseconds = 1 + I * 7 rem 13,
    Start = erlang:monotonic_time(),
    case I rem 3 of
        0 -> receive after Milliseconds -> ok end;
        1 -> erlang:send_after(Milliseconds, self(), over), receive over -> ok end;
        2 -> T = erlang:start_timer(Milliseconds, self(), []), receive {timeout, T, []} -> ok end
    end,
    Lasted = erlang:convert_time_unit(erlang:monotonic_time() - Start, native, nanosecond),
    case Lasted - Milliseconds * 1000000 of
        Late when Late >= 0 -> Late div 1000;
        Early -> error({early, Early})
    end.
