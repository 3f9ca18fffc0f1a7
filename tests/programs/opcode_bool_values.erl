%% Comparisons used as values, booleans as arguments, and cases over them.
-module(opcode_bool_values).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[cmp(id(A), id(B)) || A <- [1, 1.0, a], B <- [1, 2, a]]]),
    io:format("~w~n", [[bools(id(X)) || X <- [1, a, [], {}]]]).

cmp(A, B) ->
    Lt = A < B,
    Eq = A =:= B,
    Num = A == B,
    X = (Lt orelse Eq) xor Num,
    {Lt, Eq, Num, X, A =< B, A >= B, A /= B, A =/= B, not Lt}.

bools(X) ->
    I = is_integer(X),
    L = is_list(X),
    R = case I or L of true -> yes; false -> no end,
    {I, L, R, is_tuple(X) andalso tuple_size(X) =:= 0}.

id(X) -> X.
