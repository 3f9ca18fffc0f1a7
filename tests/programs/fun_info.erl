%% What fun_info tells of a local fun, and that equal funs are equal.
-module(fun_info).
-export([main/0, id/1]).

main() ->
    N = id(7),
    F = fun(X, Y) -> X + Y + N end,
    [io:format("~p~n", [erlang:fun_info(F, I)]) || I <- [arity, env, module, type]],
    io:format("~p~n", [[is_function(F, 2), is_function(F, 1), F =:= F]]),
    [G1, G2] = [fun() -> K end || K <- [1, 1]],
    [_, H] = [fun() -> K end || K <- [1, 2]],
    io:format("~p~n", [[G1 =:= G2, G1 =:= H, G1 < H]]).

id(X) -> X.
