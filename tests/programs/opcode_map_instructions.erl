%% Map instructions with literal, variable and many keys, on small and large maps alike.
-module(opcode_map_instructions).
-export([main/0, id/1]).

main() ->
    Small = #{k => 1, {a} => 2, "s" => 3, 4 => four},
    Large = maps:merge(Small, maps:from_list([{N, N} || N <- lists:seq(10, 100)])),
    [io:format("~w~n", [[get_all(id(M)), has(id(M), id(k)), has(M, none), upd(M)]]) || M <- [Small, Large]],
    io:format("~w~n", [try upd(id(#{})) catch C:{R, _} -> {C, R} end]),
    io:format("~w~n", [map_size(many(id(1), id(2)))]),
    io:format("~w~n", [dup(id(a), id(a))]).

get_all(#{k := K, {a} := A, "s" := S, 4 := F}) -> {K, A, S, F}.

has(M, Key) ->
    case M of
        #{Key := V} when V > 0 -> {yes, V};
        #{Key := _} -> small;
        #{} -> no
    end.

upd(M) ->
    M2 = M#{k := 10, {a} => 20, new => 30},
    #{k := X, {a} := Y, new := Z} = M2,
    {X, Y, Z, map_size(M2) - map_size(M)}.

many(A, B) -> #{A => 1, B => 2, {A, B} => 3, [A] => 4, A + B => 5, A - B => 6, x => 7, <<A>> => 8}.

dup(A, B) -> lists:sort(maps:to_list(#{A => 1, B => 2})).

id(X) -> X.
