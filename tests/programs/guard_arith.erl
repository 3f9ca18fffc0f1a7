%% Arithmetic in guards: a failing operation fails the guard and raises nothing.
-module(guard_arith).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[classify(id(X)) || X <- [1, 2, 0, -5, a, 1.5, "x", {1}, 1 bsl 70, 100]]]),
    io:format("~w~n", [[lengths(id(X)) || X <- [[], [1, 2], [1 | 2], a, {1, 2, 3}, <<1, 2, 3, 4>>, <<1:4>>, #{a => 1}]]]).

classify(X) when 10 div X =:= 5 -> divides;
classify(X) when X + 1 > 50, X band 3 =:= 0 -> masked;
classify(X) when abs(X) > 4 -> large;
classify(X) when X rem 2 =:= 1; X == 1.5 -> odd;
classify(X) when -X < 0 -> positive;
classify(X) when trunc(X) =:= X -> whole;
classify(_) -> none.

lengths(X) when length(X) =:= 2 -> two;
lengths(X) when tuple_size(X) > 2 -> tuple;
lengths(X) when byte_size(X) =:= 4 -> bytes;
lengths(X) when bit_size(X) =:= 4 -> bits;
lengths(X) when map_size(X) =:= 1 -> map;
lengths(X) when hd(X) =:= 1 -> head;
lengths(_) -> none.

id(X) -> X.
