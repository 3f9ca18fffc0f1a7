%% Dates, weekdays, leap years and RFC 3339 text.
-module(stdlib_calendar).
-export([main/0]).

main() ->
    show([calendar:date_to_gregorian_days(2024, 2, 29), calendar:gregorian_days_to_date(739000), calendar:day_of_the_week(2000, 1, 1)]),
    show([calendar:is_leap_year(Y) || Y <- [1900, 2000, 2023, 2024]]),
    show([calendar:last_day_of_the_month(2023, M) || M <- lists:seq(1, 12)]),
    show([calendar:datetime_to_gregorian_seconds({{1970, 1, 1}, {0, 0, 0}}), calendar:gregorian_seconds_to_datetime(63000000000), calendar:seconds_to_time(86399), calendar:iso_week_number({2021, 1, 3})]),
    show(calendar:system_time_to_rfc3339(1700000000, [{offset, "Z"}])),
    show(calendar:system_time_to_rfc3339(1700000000123, [{unit, millisecond}, {offset, "+02:00"}])),
    show(calendar:rfc3339_to_system_time("2023-11-14T22:13:20Z")),
    show(calendar:time_difference({{2020, 1, 1}, {0, 0, 0}}, {{2020, 1, 2}, {1, 2, 3}})),
    show(calendar:valid_date(2023, 2, 29)),
    show(calendar:system_time_to_universal_time(1700000000, second)).

show(X) -> io:format("~p~n", [X]).
