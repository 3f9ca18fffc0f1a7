%% is_eq_exact and is_ne_exact against literals of every kind.
-module(opcode_exact_compare).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[lit(id(X)) || X <- [1, 1.0, 1 bsl 64, a, "ab", [97, 98], {t, 1}, {t, 1.0}, <<"b">>, <<1:1>>, #{a => 1}, #{a => 1.0}, [], {}, <<>>, #{}, fun lists:map/2, 0.0]]]),
    io:format("~w~n", [[ne(id(X)) || X <- [1, a, "ab", {t, 1}]]]).

lit(X) when X =:= 1.0 -> f1;
lit(X) when X =:= 18446744073709551616 -> big;
lit(X) when X =:= "ab" -> str;
lit(X) when X =:= {t, 1} -> tup;
lit(X) when X =:= <<"b">> -> bin;
lit(X) when X =:= #{a => 1} -> map;
lit(X) when X =:= [] -> nil;
lit(X) when X == 1 -> num1;
lit(X) when X == {t, 1} -> numtup;
lit(X) when X == #{a => 1} -> nummap;
lit(X) when X == 0 -> zero;
lit(_) -> other.

ne(X) when X =/= 1, X =/= a, X /= "ab" -> none_of_them;
ne(X) -> X.

id(X) -> X.
