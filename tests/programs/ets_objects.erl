%% Objects of tables of every sort: inserted, looked up, taken, deleted; what is one key and what is not.
%% otp: 27+
-module(ets_objects).
-export([main/0, id/1]).

main() ->
    [sort(Options) || Options <- [[set], [ordered_set], [bag], [duplicate_bag], [set, {keypos, 2}], [bag, public, {write_concurrency, true}], [ordered_set, {write_concurrency, true}, compressed], [private, named_table]]],
    errors(),
    big_objects().

sort(Options) ->
    show(Options),
    T = ets:new(id(sorted), Options),
    show([ets:insert(T, O) || O <- [{1, a}, {1.0, b}, {1, a}, {1, c}, {a, 1}, {"x", "y"}, {<<"bin">>, 2}, {{t}, [l]}, {#{}, m}, {1 bsl 70, big}]]),
    show([lists:sort(ets:lookup(T, K)) || K <- [1, 1.0, a, "x", <<"bin">>, {t}, #{}, 1 bsl 70, zzz]]),
    show([ets:lookup(T, K) || K <- [1, c]]),
    show([ets:member(T, K) || K <- [1, 1.0, 2, b, {t}]]),
    show(ets:insert(T, [{2, x}, {2, y}, {2, x}, {3, z}])),
    show(ets:lookup(T, 2)),
    show([ets:insert_new(T, O) || O <- [{4, n}, {4, n}, {2, q}, [{5, a}, {5, b}], [{6, a}, {2, b}], [], [{7, x}]]]),
    show([ets:lookup(T, K) || K <- [4, 5, 6, 7]]),
    show([try ets:lookup_element(T, K, 2) catch error:badarg -> none end || K <- [1, 2, 3]]),
    show([ets:lookup_element(T, K, 2, default) || K <- [2, nothing]]),
    show(ets:delete_object(T, {2, x})),
    show(ets:lookup(T, 2)),
    show([ets:take(T, K) || K <- [5, 5, nothing]]),
    show([ets:delete(T, K) || K <- [1, nothing]]),
    show(ets:info(T, size)),
    show(lists:sort(ets:tab2list(T))),
    show(ets:delete_all_objects(T)),
    show(ets:tab2list(T)),
    show(ets:insert(T, {again, now})),
    show(ets:tab2list(T)),
    show(ets:delete(T)),
    show(catch_error(fun() -> ets:lookup(T, 1) end)).

errors() ->
    S = ets:new(s, [{keypos, 2}]),
    [show(catch_error(F)) || F <- [
        fun() -> ets:insert(id(S), id({a})) end,
        fun() -> ets:insert(id(S), id(a)) end,
        fun() -> ets:insert(id(S), id([{a, b}, {c}])) end,
        fun() -> ets:insert(id(S), id([{a, b} | x])) end,
        fun() -> ets:insert_new(id(S), id({a})) end,
        fun() -> ets:insert_new(id(S), id([{a, b}, {c}])) end,
        fun() -> ets:insert(id(nothing), id([])) end,
        fun() -> ets:insert(id(nothing), id([x, y])) end,
        fun() -> ets:insert(id(17), id({a, b})) end,
        fun() -> ets:insert(id(make_ref()), id({a, b})) end,
        fun() -> ets:lookup(id(nothing), x) end,
        fun() -> ets:lookup_element(id(S), x, 1) end,
        fun() -> ets:insert(S, {a, b}), ets:lookup_element(id(S), b, 3) end,
        fun() -> ets:lookup_element(id(S), b, 0) end,
        fun() -> ets:lookup_element(id(S), b, x) end,
        fun() -> ets:lookup_element(id(S), q, 0, d) end,
        fun() -> ets:delete_object(id(S), id({a})) end,
        fun() -> ets:delete_object(id(S), id(a)) end,
        fun() -> ets:new(id("x"), []) end,
        fun() -> ets:new(id(x), id(y)) end,
        fun() -> ets:new(id(x), id([y])) end,
        fun() -> ets:new(id(x), id([set | y])) end,
        fun() -> ets:new(id(x), id([{keypos, 0}])) end,
        fun() -> ets:new(id(x), id([{heir, x, y}])) end,
        fun() -> ets:new(id(x), id([ordered_set, {write_concurrency, {debug_hash_fixed_number_of_locks, 4}}])) end,
        fun() -> ets:new(id(x), [named_table]), ets:new(id(x), [named_table]) end,
        fun() -> ets:delete(id(nothing)) end
    ]].

%% Objects that are literals, refer to large binaries, or are large themselves.
big_objects() ->
    T = ets:new(t, []),
    Large = binary:copy(<<"0123456789">>, 1000),
    ets:insert(T, {large, Large}),
    ets:insert(T, {part, binary:part(Large, 5, 500)}),
    ets:insert(T, {small_part, binary:part(Large, 5, 5)}),
    ets:insert(T, {bits, <<5:3, Large/binary>>}),
    ets:insert(T, {list, lists:seq(1, 1000)}),
    ets:insert(T, {map, maps:from_list([{I, {I}} || I <- lists:seq(1, 100)])}),
    ets:insert(T, {literal, [a, {b, <<"c">>}, #{d => 1.5}]}),
    ets:insert(T, {function, fun(X) -> {X, Large} end}),
    show([ets:lookup_element(T, large, 2) =:= Large, ets:lookup_element(T, part, 2) =:= binary:part(Large, 5, 500)]),
    show(ets:lookup(T, small_part)),
    show(erlang:phash2(ets:lookup(T, bits))),
    show(erlang:phash2(ets:lookup(T, list))),
    show(erlang:phash2(ets:lookup(T, map))),
    show(ets:lookup(T, literal)),
    {1, Same} = (ets:lookup_element(T, function, 2))(1),
    show(Same =:= Large),
    [ets:insert(T, {I, Large, I}) || I <- lists:seq(1, 1000)],
    erlang:garbage_collect(),
    show(lists:sum([byte_size(B) || {_, B, _} <- ets:tab2list(T)])),
    show(ets:delete(T)).

catch_error(F) ->
    try F()
    catch
        C:R:Stack ->
            [{M, Function, Arguments, Info} | _] = Stack,
            {C, R, M, Function, length(Arguments), Info, formatted(R, [{M, Function, Arguments, Info}])}
    end.

formatted(R, Trace) ->
    maps:map(fun(_, Text) -> lists:flatten(io_lib:format("~ts", [Text])) end, erl_stdlib_errors:format_error(R, Trace)).

show(X) -> io:format("~0p~n", [X]).

id(X) -> X.
