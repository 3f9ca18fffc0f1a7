%% Large literals in the literal table: nested, shared between functions, never changed.
-module(opcode_literals).
-export([main/0]).

main() ->
    T = table(),
    io:format("~p~n", [T]),
    io:format("~w~n", [[table() =:= T, erlang:phash2(table()), maps:get(<<"k">>, element(4, T))]]),
    io:format("~w~n", [[(element(5, T))([1, 2]), changed(), table() =:= T]]).

table() -> {1 bsl 100, 1.5e100, "a string literal", #{<<"k">> => {v, [1, 2 | 3]}, {t} => <<1:3>>}, fun lists:sum/1, 'atom with space', [[], {}, <<>>, #{}]}.

changed() -> element(1, setelement(1, table(), new)).
