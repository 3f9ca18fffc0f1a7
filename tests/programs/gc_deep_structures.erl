%% Structures a million deep are collected, compared, hashed, copied and measured without recursion.
-module(gc_deep_structures).
-export([main/0]).

main() ->
    L = deep_list(1000000, []),
    T = deep_tuple(500000, {}),
    true = erlang:garbage_collect(),
    io:format("~w ~w~n", [L =:= deep_list(1000000, []), T =:= deep_tuple(500000, {})]),
    io:format("~w ~w~n", [erlang:phash2(L) =:= erlang:phash2(deep_list(1000000, [])), T < deep_tuple(500000, {x})]),
    io:format("~w~n", [byte_size(term_to_binary(T))]),
    io:format("~w~n", [binary_to_term(term_to_binary(L)) =:= L]),
    Self = self(),
    spawn(fun() -> Self ! {copied, T} end),
    io:format("~w~n", [receive {copied, T2} -> T2 =:= T end]).

deep_list(0, Acc) -> Acc;
deep_list(N, Acc) -> deep_list(N - 1, [Acc]).

deep_tuple(0, Acc) -> Acc;
deep_tuple(N, Acc) -> deep_tuple(N - 1, {N, Acc}).
