%% fun M:F/A as a value: from literals, from variables, compared, called and printed.
%% beamrc: --allow-missing
-module(fun_external).
-export([main/0, id/1]).

main() ->
    Fs = [fun lists:reverse/1, fun erlang:length/1, fun ?MODULE:id/1, fun lists:sum/1],
    io:format("~w~n", [[F([1, 2, 3]) || F <- Fs]]),
    M = id(lists),
    N = id(append),
    A = id(2),
    G = fun M:N/A,
    io:format("~p ~p ~p~n", [G([1], [2]), G =:= fun lists:append/2, G == fun lists:append/1]),
    io:format("~p~n", [maps:get(f, #{f => fun lists:max/1})]),
    [io:format("~p~n", [erlang:fun_info(fun lists:map/2, I)]) || I <- [module, name, arity, type, env]],
    io:format("~p~n", [erlang:fun_to_list(fun lists:map/2)]),
    H = fun nomod:nofun/1,
    io:format("~p~n", [try H(1) catch C:R -> {C, R} end]),
    io:format("~p~n", [try (fun lists:reverse/1)(1, 2) catch C2:R2 -> {C2, R2} end]),
    io:format("~p~n", [lists:sort([fun lists:b/2, fun lists:a/2, fun a:z/0, fun lists:a/1])]).

id(X) -> X.
