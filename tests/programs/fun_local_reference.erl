%% fun name/arity for local functions, passed on and called with many arguments.
-module(fun_local_reference).
-export([main/0]).

main() ->
    io:format("~w~n", [lists:map(fun double/1, [1, 2, 3])]),
    io:format("~w~n", [apply(fun sum9/9, lists:seq(1, 9))]),
    Table = #{0 => fun zero/0, 2 => fun max/2, 9 => fun sum9/9},
    io:format("~w~n", [[apply(F, lists:seq(1, N)) || {N, F} <- lists:sort(maps:to_list(Table))]]),
    io:format("~w~n", [try (fun double/1)() catch C:{R, [Fn | _]} when is_function(Fn) -> {C, R}; C2:{R2, {Fn2, Args}} when is_function(Fn2) -> {C2, R2, Args} end]).

double(X) -> 2 * X.

zero() -> 0.

sum9(A, B, C, D, E, F, G, H, I) -> A + B + C + D + E + F + G + H + I.
