%% Every type test on every kind of term, as a guard and as a function.
-module(guard_type_tests).
-export([main/0, id/1]).

main() ->
    Terms = [1, 1 bsl 70, 1.5, a, true, [], [1], [1 | 2], {}, {r, 1}, {r, 1, 2}, #{}, <<>>, <<1:3>>, fun lists:map/2, fun() -> ok end, make_ref(), self()],
    Tests = [fun is_atom/1, fun is_binary/1, fun is_bitstring/1, fun is_boolean/1, fun is_float/1, fun is_function/1, fun is_integer/1, fun is_list/1, fun is_map/1, fun is_number/1, fun is_pid/1, fun is_port/1, fun is_reference/1, fun is_tuple/1],
    [io:format("~w ~w~n", [[if Result -> 1; true -> 0 end || F <- Tests, Result <- [F(T)]], kind(T)]) || T <- Terms],
    io:format("~w~n", [[is_function(fun id/1, 1), is_function(fun id/1, 2), is_function(id(a), 1), is_record({r, 1}, id(r)), is_record(id({r, 1, 2}), r, 3), is_record(id({s}), id(r))]]),
    io:format("~w~n", [[try is_function(id(X), id(-1)) catch C:R -> {C, R} end || X <- [a, fun id/1]]]),
    io:format("~w~n", [[is_map_key(a, id(#{a => 1})), is_map_key(b, #{a => 1}), try is_map_key(a, id(b)) catch C2:R2 -> {C2, R2} end]]).

kind(X) when is_integer(X) -> integer;
kind(X) when is_float(X) -> float;
kind(X) when is_boolean(X) -> boolean;
kind(X) when is_atom(X) -> atom;
kind(X) when is_function(X, 2) -> fun2;
kind(X) when is_function(X) -> 'fun';
kind(X) when is_binary(X) -> binary;
kind(X) when is_bitstring(X) -> bitstring;
kind(X) when is_record(X, r, 2) -> record;
kind(X) when is_tuple(X) -> tuple;
kind(X) when is_map(X) -> map;
kind([_ | _]) -> cons;
kind(X) when is_list(X) -> nil;
kind(X) when is_pid(X) -> pid;
kind(X) when is_reference(X) -> reference;
kind(_) -> unknown.

id(X) -> X.
