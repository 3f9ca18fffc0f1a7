%% send_after, start_timer, cancel and read: order of delivery and what cancelling yields.
-module(timers_send_after).
-export([main/0, id/1]).

main() ->
    erlang:send_after(40, self(), third),
    erlang:send_after(5, self(), first),
    erlang:send_after(20, self(), second),
    show([receive M -> M end || _ <- [1, 2, 3]]),
    R = erlang:start_timer(5, self(), payload),
    show(receive {timeout, R, P} -> P end),
    C = erlang:send_after(10000, self(), never),
    Left = erlang:read_timer(C),
    show([Left > 5000, Left =< 10000, erlang:cancel_timer(C) > 5000, erlang:cancel_timer(C), erlang:read_timer(C)]),
    show(receive X -> X after 10 -> nothing end),
    show(try erlang:send_after(id(-1), self(), x) catch K:E -> {K, E} end),
    A = erlang:start_timer(erlang:monotonic_time(millisecond) + 5, self(), absolute, [{abs, true}]),
    show(receive {timeout, A, Y} -> Y end).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
