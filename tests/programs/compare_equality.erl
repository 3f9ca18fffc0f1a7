%% == against =:= for every kind, nested, where integers and floats meet.
-module(compare_equality).
-export([main/0, id/1]).

main() ->
    Pairs = [{1, 1.0}, {{1}, {1.0}}, {[1, 2], [1.0, 2.0]}, {#{a => 1}, #{a => 1.0}}, {#{1 => a}, #{1.0 => a}}, {a, a}, {"a", [97]}, {<<"a">>, <<97>>}, {<<1:7>>, <<1:7>>}, {[], <<>>}, {1 bsl 60, 1.152921504606846976e18}],
    [io:format("~p: ~w~n", [P, [id(A) == id(B), id(A) =:= id(B), id(A) /= id(B), id(A) =/= id(B)]]) || {A, B} = P <- Pairs].

id(X) -> X.
