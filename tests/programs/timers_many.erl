%% Many timers at once, those that are left in time and in order; what is cancelled costs nothing that lasts.
-module(timers_many).
-export([main/0]).

-define(MANY, 200000).

main() ->
    Before = erlang:memory(total),
    Timers = [erlang:start_timer(60000 + N rem 100000, self(), N) || N <- lists:seq(1, ?MANY)],
    show(lists:all(fun(T) -> Left = erlang:read_timer(T), Left > 0 andalso Left =< 160000 end, Timers)),
    show(lists:all(fun(T) -> is_integer(erlang:cancel_timer(T)) end, Timers)),
    show(lists:all(fun(T) -> erlang:cancel_timer(T) =:= false end, Timers)),
    show(process_info(self(), message_queue_len)),
    [again(10000) || _ <- lists:seq(1, 50)],
    garbage_collect(),
    show(erlang:memory(total) - Before < 50000000),
    %% A hundred thousand that run out, in the order of their times.
    Start = erlang:monotonic_time(millisecond),
    [erlang:send_after(Start + 300 + N rem 200, self(), {over, N rem 200}, [{abs, true}]) || N <- lists:seq(1, 100000)],
    show(in_order(100000, 0, Start)).

again(N) ->
    Timers = [erlang:send_after(1000000 + I, self(), I) || I <- lists:seq(1, N)],
    lists:foreach(fun erlang:cancel_timer/1, Timers).

in_order(0, _, _) -> true;
in_order(Left, Last, Start) ->
    receive
        {over, Time} when Time >= Last ->
            true = erlang:monotonic_time(millisecond) >= Start + 300 + Time,
            in_order(Left - 1, Time, Start);
        {over, Time} -> {Time, 'after', Last}
    end.

show(X) -> io:format("~p~n", [X]).
