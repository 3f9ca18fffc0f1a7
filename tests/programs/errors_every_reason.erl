%% Each kind of run-time error with exactly the reason that the virtual machine gives.
%% beamrc: --allow-missing
-module(errors_every_reason).
-export([main/0, id/1]).

main() ->
    Tries = [
        fun() -> 1 = id(2) end,
        fun() -> {a, _} = id([]) end,
        fun() -> case id(3) of 4 -> ok end end,
        fun() -> X = id(true), if not X -> ok end end,
        fun() -> only_a(id(b)) end,
        fun() -> (id(not_a_fun))() end,
        fun() -> (id(fun(X) -> X end))(1, 2) end,
        fun() -> nomodule:nofunction(1, 2) end,
        fun() -> lists:no_such_function() end,
        fun() -> apply(id(lists), id(nope), [1]) end,
        fun() -> apply(id(lists), map, id([a | b])) end,
        fun() -> try id(1) of 2 -> ok catch _:_ -> no end end,
        fun() -> atom_to_list(id(1)) end,
        fun() -> element(id(0), {a}) end,
        fun() -> hd(id([])) end,
        fun() -> length(id([a | b])) end,
        fun() -> maps:get(id(k), #{}) end,
        fun() -> (id(#{}))#{k := 1} end,
        fun() -> (id([]))#{k => 1} end,
        fun() -> id(1) ++ [2] end,
        fun() -> [1 | id(a)] ++ [2] end,
        fun() -> id([1]) -- a end,
        fun() -> [X || X <- id(a)] end,
        fun() -> [X || X <- [1 | id(a)]] end,
        fun() -> [X || X <- [1], id(X)] end,
        fun() -> << <<X>> || X <- id(b) >> end,
        fun() -> list_to_atom(lists:duplicate(256, $a)) end,
        fun() -> binary_to_atom(id(<<255>>)) end,
        fun() -> erlang:raise(id(bad_class), r, []) end,
        fun() -> register(id(undefined), self()) end,
        fun() -> tuple_to_list(id([])) end,
        fun() -> setelement(3, id({a, b}), c) end,
        fun() -> make_tuple(id(-1)) end,
        fun() -> id(a) andalso true end,
        fun() -> error(custom) end,
        fun() -> throw({any, "term"}) end,
        fun() -> exit(normal) end
    ],
    lists:foreach(fun(F) -> io:format("~p~n", [try F() catch C:R -> {C, R} end]) end, Tries).

only_a(a) -> ok.

make_tuple(N) -> erlang:make_tuple(N, x).

id(X) -> X.
