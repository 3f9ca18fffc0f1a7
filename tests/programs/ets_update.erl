%% update_counter and update_element: every form, with defaults, thresholds, and everything that is wrong.
%% otp: 27+
-module(ets_update).
-export([main/0, id/1]).

main() ->
    [sort(Options) || Options <- [[set], [ordered_set], [set, public, {write_concurrency, true}]]],
    errors().

sort(Options) ->
    T = ets:new(t, Options),
    ets:insert(T, [{a, 1, 2, x}, {big, 1 bsl 64, -(1 bsl 70)}, {edge, (1 bsl 59) - 1}]),
    show([ets:update_counter(T, a, 1), ets:update_counter(T, a, {3, 10}), ets:update_counter(T, a, [{2, 1}, {3, -1}, {2, 1}]), ets:update_counter(T, a, [])]),
    show(ets:lookup(T, a)),
    show([ets:update_counter(T, a, {2, 1, 5, 0}), ets:update_counter(T, a, {2, 1, 5, 0}), ets:update_counter(T, a, {2, -1, 0, 100}), ets:update_counter(T, a, {2, 0, 50, 7})]),
    show([ets:update_counter(T, big, 1), ets:update_counter(T, big, -(1 bsl 64)), ets:update_counter(T, big, {3, 1 bsl 70}), ets:update_counter(T, big, {3, 1 bsl 70, 1 bsl 69, 1 bsl 68})]),
    show([ets:update_counter(T, edge, 1), ets:update_counter(T, edge, 1 bsl 62), ets:update_counter(T, edge, -(1 bsl 62)), ets:lookup(T, edge)]),
    show([ets:update_counter(T, new, 5, {ignored, 10, z}), ets:update_counter(T, new, {2, 5}, {ignored, 10}), ets:lookup(T, new)]),
    show([ets:update_element(T, a, {4, "some text"}), ets:lookup(T, a)]),
    show([ets:update_element(T, a, [{4, <<"bin">>}, {2, 0}, {4, {last}}]), ets:lookup(T, a)]),
    show([ets:update_element(T, a, []), ets:update_element(T, nothing, {2, x}), ets:update_element(T, nothing, junk)]),
    show([ets:update_element(T, other, {2, x}, {k, v, w}), ets:lookup(T, other)]),
    show([ets:update_element(T, other, {3, y}, {k, v, w}), ets:lookup(T, other)]),
    show(ets:info(T, size)),
    [ets:update_counter(T, count, 1, {count, 0}) || _ <- lists:seq(1, 10000)],
    show(ets:lookup(T, count)),
    show(lists:sort(ets:tab2list(T))).

errors() ->
    S = ets:new(s, []),
    B = ets:new(b, [bag]),
    ets:insert(S, {k, 1, x}),
    [show(catch_error(F)) || F <- [
        fun() -> ets:update_counter(S, id(nothing), 1) end,
        fun() -> ets:update_counter(S, k, {3, 1}) end,
        fun() -> ets:update_counter(S, k, {1, 1}) end,
        fun() -> ets:update_counter(S, k, {4, 1}) end,
        fun() -> ets:update_counter(S, k, {0, 1}) end,
        fun() -> ets:update_counter(S, k, {2, x}) end,
        fun() -> ets:update_counter(S, k, id(x)) end,
        fun() -> ets:update_counter(S, k, id([{2, 1} | x])) end,
        fun() -> ets:update_counter(S, k, id([{2, 1}, {3, 1}])) end,
        fun() -> ets:update_counter(S, k, {2, 1, x, 1}) end,
        fun() -> ets:update_counter(S, k, {2, 1, 1}) end,
        fun() -> ets:update_counter(S, nothing, 1, id(x)) end,
        fun() -> ets:update_counter(S, nothing, 1, id({a, b})) end,
        fun() -> ets:update_counter(S, nothing, {5, 1}, {a, 1}) end,
        fun() -> ets:update_counter(id(B), k, 1) end,
        fun() -> ets:update_counter(id(no_table), k, 1) end,
        fun() -> ets:update_element(S, k, {1, x}) end,
        fun() -> ets:update_element(S, k, {4, x}) end,
        fun() -> ets:update_element(S, k, id(x)) end,
        fun() -> ets:update_element(S, k, id([{2, x}, y])) end,
        fun() -> ets:update_element(S, nothing, {2, x}, id(y)) end,
        fun() -> ets:update_element(S, nothing, {3, x}, id({a, b})) end,
        fun() -> ets:update_element(id(B), k, {2, x}) end,
        fun() -> ets:lookup(S, k) end,
        fun() -> ets:info(S, size) end
    ]].

catch_error(F) ->
    try F()
    catch
        C:R:Stack ->
            [{M, Function, Arguments, Info} | _] = Stack,
            Trace = [{M, Function, Arguments, Info}],
            {C, R, M, Function, length(Arguments), Info, formatted(R, Trace)}
    end.

%% On some wrong arguments the function that explains them fails itself.
formatted(R, Trace) ->
    try
        maps:map(fun(_, Text) -> lists:flatten(io_lib:format("~ts", [Text])) end, erl_stdlib_errors:format_error(R, Trace))
    catch
        error:function_clause -> unexplained
    end.

show(X) -> io:format("~0p~n", [X]).

id(X) -> X.
