%% and, or, xor, not, andalso, orelse in guards and bodies, with operands that are no booleans.
-module(guard_boolean).
-export([main/0, id/1]).

main() ->
    Bools = [true, false],
    show([[id(A) and id(B), id(A) or id(B), id(A) xor id(B), not id(A), id(A) andalso id(B), id(A) orelse id(B)] || A <- Bools, B <- Bools]),
    show([g(id(A), id(B)) || A <- [true, false, a], B <- [true, false, 1]]),
    show([try id(a) and id(true) catch C:R -> {C, R} end, try not id(1) catch C1:R1 -> {C1, R1} end, try id(x) andalso true catch C2:R2 -> {C2, R2} end]),
    show([id(true) andalso not_boolean, id(false) orelse 17, try id(true) or id(b) catch C3:R3 -> {C3, R3} end]),
    show([h(id(X)) || X <- [1, 5, 15, a, 2.5]]).

g(A, B) when A and B -> both;
g(A, B) when A xor B -> one;
g(A, B) when A orelse B -> some;
g(A, _) when not A -> neither;
g(_, _) -> odd.

h(X) when is_integer(X) andalso (X > 10 orelse X < 2), X =/= 0 -> outside;
h(X) when (is_float(X) or is_atom(X)) andalso not (X =:= b) -> kind;
h(_) -> none.

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
