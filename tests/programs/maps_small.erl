%% Flat maps: create, update, exact update, match, remove, order of keys and errors.
-module(maps_small).
-export([main/0, id/1]).

main() ->
    M0 = #{},
    M1 = M0#{a => 1},
    M2 = M1#{b => 2, c => 3},
    M3 = M2#{a := 10, c => 30},
    show([maps:to_list(M) || M <- [M0, M1]]),
    show([lists:sort(maps:to_list(M)) || M <- [M2, M3]]),
    #{a := A, c := C} = M3,
    show({A, C}),
    show([case id(M) of #{b := 2, a := X} -> {ab, X}; #{a := X} -> {a, X}; #{} -> empty; _ -> no_map end || M <- [M0, M1, M2, M3, []]]),
    show([maps:get(b, M3), maps:get(x, M3, default), maps:is_key(a, M3), maps:find(a, M3), maps:find(z, M3)]),
    show(lists:sort(maps:keys(maps:remove(a, M3)))),
    show(lists:sort(maps:values(maps:put(d, 4, M3)))),
    show(try M1#{z := 1} catch C1:R1 -> {C1, R1} end),
    show(try (id(x))#{z => 1} catch C2:R2 -> {C2, R2} end),
    show(try (id(x))#{z := 1} catch C3:R3 -> {C3, R3} end),
    show(try #{q := _} = id(M1) catch C4:{badmatch, _} -> C4 end),
    show(#{1 => a, 1.0 => b, "k" => c, {t} => d, [] => e}),
    Key = id({some, "key"}),
    show(#{Key => 1}),
    #{Key := V} = #{Key => id(5), other => 6},
    show(V),
    show(maps:take(a, #{a => 1})),
    show(M1#{a => 1} =:= M1).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
