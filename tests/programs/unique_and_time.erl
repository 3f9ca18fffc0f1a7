%% Unique integers, monotonic time and time units: only what holds on every machine is printed.
-module(unique_and_time).
-export([main/0]).

main() ->
    U = [erlang:unique_integer([monotonic, positive]) || _ <- lists:seq(1, 100)],
    show([lists:usort(U) =:= U, hd(U) > 0, length(lists:usort([erlang:unique_integer() || _ <- U]))]),
    T1 = erlang:monotonic_time(),
    T2 = erlang:monotonic_time(),
    show([T2 >= T1, erlang:convert_time_unit(1, second, millisecond), erlang:convert_time_unit(1500, microsecond, millisecond), erlang:convert_time_unit(-1, nanosecond, second)]),
    show([erlang:system_time(second) > 1600000000, erlang:monotonic_time(millisecond) =< erlang:monotonic_time(microsecond) div 1000 + 1]),
    {Ms, S, Us} = os:timestamp(),
    show([Ms > 1000, S < 1000000, Us < 1000000, is_integer(erlang:time_offset(second))]),
    {{Y, Mo, D}, {H, Mi, Se}} = calendar:universal_time(),
    show([Y > 2020, Mo =< 12, D =< 31, H < 24, Mi < 60, Se < 61]).

show(X) -> io:format("~w~n", [X]).
