%% Time-outs: zero, some milliseconds, from a variable, and none at all; bad ones are errors.
-module(receive_timeout).
-export([main/0, id/1]).

main() ->
    T0 = erlang:monotonic_time(millisecond),
    show(receive never -> no after 30 -> late end),
    T1 = erlang:monotonic_time(millisecond),
    show(T1 - T0 >= 30),
    show(receive never -> no after id(0) -> now end),
    show(receive after id(5) -> slept end),
    self() ! wanted,
    show(receive wanted -> got after 1000 -> late end),
    self() ! wanted,
    show(receive wanted -> got after infinity -> late end),
    show(try receive x -> y after id(-1) -> z end catch C:R -> {C, R} end),
    show(try receive x -> y after id(soon) -> z end catch C2:R2 -> {C2, R2} end),
    show(try receive x -> y after id(1 bsl 33) -> z end catch C3:R3 -> {C3, R3} end),
    show(timer:sleep(1)),
    passed_over(id(soon)).

%% What a receive has passed over before its time-out turned out to be none is there for the next one.
passed_over(Soon) ->
    self() ! first,
    show(try receive x -> y after Soon -> z end catch C:R -> {C, R} end),
    show(receive first -> got after 0 -> lost end),
    self() ! second,
    show(try receive x -> y after Soon -> z end catch C2:R2 -> {C2, R2} end),
    Reference = make_ref(),
    self() ! Reference,
    show(receive second -> got after 0 -> lost end),
    show(receive Reference -> got after 0 -> lost end).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
