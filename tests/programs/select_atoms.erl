%% case over many atoms, and over atoms mixed with other kinds in one clause list.
-module(select_atoms).
-export([main/0]).

main() ->
    Days = [monday, tuesday, wednesday, thursday, friday, saturday, sunday],
    io:format("~w~n", [[day(D) || D <- Days ++ [noday, "monday", 1, <<"monday">>]]]),
    io:format("~w~n", [[mixed(X) || X <- [a, 1, 1.0, [], {}, {a}, {b, 1}, [a], #{}, #{a => 1}, <<>>, <<"x">>, true, b, 2, 2.5, [b | c]]]]).

day(monday) -> 1;
day(tuesday) -> 2;
day(wednesday) -> 3;
day(thursday) -> 4;
day(friday) -> 5;
day(saturday) -> 6;
day(sunday) -> 7;
day(_) -> 0.

mixed(a) -> atom_a;
mixed(b) -> atom_b;
mixed(1) -> one;
mixed(1.0) -> one_float;
mixed(2.5) -> float;
mixed([]) -> nil;
mixed({}) -> empty;
mixed({a}) -> tuple_a;
mixed({_, N}) -> {pair, N};
mixed([a | _]) -> list_a;
mixed([_ | T]) -> {list, T};
mixed(#{a := V}) -> {map, V};
mixed(#{}) -> map;
mixed(<<>>) -> no_bytes;
mixed(<<X, _/binary>>) -> {bytes, X};
mixed(X) when is_boolean(X) -> boolean;
mixed(_) -> other.
