%% Every arithmetic operator refuses what is no number with badarith, and zero divisors too.
-module(arith_errors).
-export([main/0, id/1]).

main() ->
    Bad = [a, "1", <<1>>, {1}, #{}, [], 1.5],
    Ops = [
        {'div', fun(A, B) -> A div B end},
        {'rem', fun(A, B) -> A rem B end},
        {'band', fun(A, B) -> A band B end},
        {'bor', fun(A, B) -> A bor B end},
        {'bxor', fun(A, B) -> A bxor B end},
        {'bsl', fun(A, B) -> A bsl B end},
        {'bsr', fun(A, B) -> A bsr B end},
        {'+', fun(A, B) -> A + B end},
        {'-', fun(A, B) -> A - B end},
        {'*', fun(A, B) -> A * B end},
        {'/', fun(A, B) -> A / B end}
    ],
    [io:format("~w ~w: ~w ~w~n", [Op, X, outcome(F, X, 2), outcome(F, 2, X)]) || {Op, F} <- Ops, X <- Bad],
    [io:format("~w by zero: ~w~n", [Op, outcome(F, id(7), id(0))]) || {Op, F} <- Ops, Op =:= 'div' orelse Op =:= 'rem' orelse Op =:= '/'],
    io:format("~w ~w~n", [catch_class(fun() -> -id(a) end), catch_class(fun() -> bnot id(1.0) end)]),
    io:format("~w~n", [catch_class(fun() -> id(1) / id(0.0) end)]).

outcome(F, A, B) -> catch_class(fun() -> F(A, B) end).

catch_class(F) ->
    try F()
    catch Class:Reason -> {Class, Reason}
    end.

id(X) -> X.
