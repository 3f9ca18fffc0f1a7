%% Walks through tables: first, next, last, prev and their lookups, slots, fixed tables that change meanwhile.
%% otp: 27+
-module(ets_walks).
-export([main/0]).

main() ->
    [sort(Options) || Options <- [[set], [ordered_set], [bag], [duplicate_bag], [set, public, {write_concurrency, true}], [ordered_set, {write_concurrency, true}]]],
    [fixed(Options) || Options <- [[set], [bag], [ordered_set], [set, public, {write_concurrency, true}]]],
    errors().

sort(Options) ->
    show(Options),
    T = ets:new(t, Options),
    show([ets:first(T), ets:last(T), ets:first_lookup(T), ets:last_lookup(T)]),
    ets:insert(T, [{I rem 50, I} || I <- lists:seq(1, 100)]),
    Keys = keys(T, ets:first(T)),
    show(lists:sort(Keys)),
    show(length(Keys)),
    {Key, Objects} = ets:first_lookup(T),
    show([Key =:= ets:first(T), Objects =:= ets:lookup(T, Key)]),
    {Next, Others} = ets:next_lookup(T, Key),
    show([Next =:= ets:next(T, Key), Others =:= ets:lookup(T, Next)]),
    Backwards = backwards(T, ets:last(T)),
    show(lists:sort(Backwards)),
    show([element(1, ets:last_lookup(T)) =:= ets:last(T), element(1, ets:prev_lookup(T, ets:last(T))) =:= ets:prev(T, ets:last(T))]),
    show(lists:sort(slots(T, 0))),
    show(ets:foldl(fun({_, V}, Sum) -> V + Sum end, 0, T)),
    show(ets:foldr(fun({_, V}, Sum) -> V + Sum end, 0, T)),
    ets:delete(T).

keys(_, '$end_of_table') -> [];
keys(T, Key) -> [Key | keys(T, ets:next(T, Key))].

backwards(_, '$end_of_table') -> [];
backwards(T, Key) -> [Key | backwards(T, ets:prev(T, Key))].

slots(T, N) ->
    case ets:slot(T, N) of
        '$end_of_table' -> [];
        Objects -> Objects ++ slots(T, N + 1)
    end.

%% What is deleted while the table is fixed is no longer seen, but its key still has a next one.
fixed(Options) ->
    T = ets:new(t, Options),
    ets:insert(T, [{I, I} || I <- lists:seq(1, 1000)]),
    true = ets:safe_fixtable(T, true),
    true = ets:safe_fixtable(T, true),
    show([ets:info(T, fixed), element(2, ets:info(T, safe_fixed)) =:= [{self(), 2}]]),
    Seen = delete_on_the_way(T, ets:first(T)),
    show(lists:sort(Seen) =:= lists:seq(1, 1000)),
    show([ets:info(T, size), ets:tab2list(T), ets:first(T)]),
    ets:insert(T, {5, again}),
    show([ets:lookup(T, 5), ets:info(T, size), ets:tab2list(T)]),
    true = ets:safe_fixtable(T, false),
    show(ets:info(T, fixed)),
    ets:delete_all_objects(T),
    show([ets:info(T, size), ets:tab2list(T)]),
    ets:insert(T, {6, there}),
    true = ets:safe_fixtable(T, false),
    show([ets:info(T, fixed), ets:info(T, safe_fixed), ets:tab2list(T)]),
    true = ets:safe_fixtable(T, false),
    ets:delete(T).

delete_on_the_way(_, '$end_of_table') -> [];
delete_on_the_way(T, Key) ->
    ets:delete(T, Key),
    [Key | delete_on_the_way(T, ets:next(T, Key))].

errors() ->
    S = ets:new(s, []),
    O = ets:new(o, [ordered_set]),
    ets:insert(O, {1}),
    show([try F() catch C:R -> {C, R} end || F <- [
        fun() -> ets:next(S, nothing) end,
        fun() -> ets:prev(S, nothing) end,
        fun() -> ets:next_lookup(S, nothing) end,
        fun() -> ets:next(O, 0.5) end,
        fun() -> ets:prev(O, 0.5) end,
        fun() -> ets:slot(S, -1) end,
        fun() -> ets:slot(S, 100000) end,
        fun() -> ets:slot(O, 1) end,
        fun() -> ets:slot(O, 2) end,
        fun() -> ets:safe_fixtable(S, perhaps) end,
        fun() -> ets:first(nothing) end
    ]]).

show(X) -> io:format("~0p~n", [X]).
