%% A module whose on_load function runs before anything else of it, once.
-module(opcode_on_load).
-export([main/0]).
-on_load(prepare/0).

main() ->
    io:format("~w~n", [persistent_term:get(opcode_on_load)]).

prepare() ->
    persistent_term:put(opcode_on_load, {prepared, lists:seq(1, 3)}),
    ok.
