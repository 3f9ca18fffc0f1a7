%% Selections from tables of every sort: all at once, page by page, counted, deleted, replaced, in reverse.
-module(ets_select).
-export([main/0]).

main() ->
    [sort(Options) || Options <- [[set], [ordered_set], [bag], [duplicate_bag], [set, public, {write_concurrency, true}], [ordered_set, {write_concurrency, true}]]],
    ranges(),
    keys(),
    replaced(),
    long().

sort(Options) ->
    show(Options),
    T = ets:new(t, Options),
    ets:insert(T, [{{K, K rem 10}, K, atom(K)} || K <- lists:seq(1, 200)]),
    ets:insert(T, [{{K, K rem 10}, other, x} || K <- lists:seq(1, 20)]),
    Spec = [{{{'$1', 3}, '$2', '_'}, [{'>', '$1', 20}], [{{'$1', '$2'}}]}],
    show(lists:sort(ets:select(T, Spec))),
    show(lists:sort(ets:select_reverse(T, Spec))),
    show(lists:sort(pages(ets:select(T, Spec, 4)))),
    show(lists:sort(pages(ets:select_reverse(T, Spec, 4)))),
    show(ets:select_count(T, [{{'_', '$1', '_'}, [], [{is_atom, '$1'}]}])),
    show(lists:sort(ets:match(T, {{'$1', 7}, '_', a}))),
    show(lists:sort(ets:match(T, {{9, '_'}, '$5', '$2'}))),
    show(lists:sort(ets:match_object(T, {{7, 7}, '_', '_'}))),
    show(lists:sort(ets:match_object(T, {'_', '_', '_', '_'}))),
    show(length(match_pages(ets:match(T, {{'$1', '_'}, '_', a}, 13)))),
    show(length(match_object_pages(ets:match_object(T, {'_', '_', b}, 13)))),
    show(ets:match_delete(T, {{'_', 8}, '_', '_'})),
    show(ets:info(T, size)),
    show(ets:select_delete(T, [{{{'$1', '_'}, '_', '_'}, [{'>', '$1', 150}], [true]}, {{{'$1', 5}, '_', '_'}, [], [{'<', '$1', 100}]}])),
    show(lists:sort(ets:select(T, [{{'$1', '_', '_'}, [], ['$1']}]))),
    show(ets:select_delete(T, [{'_', [], [true]}])),
    show([ets:info(T, size), ets:select(T, [{'_', [], ['$_']}]), ets:select(T, [{'_', [], ['$_']}], 10), ets:match(T, '$1')]),
    ets:delete(T).

atom(K) when K rem 3 =:= 0 -> a;
atom(_) -> b.

pages('$end_of_table') -> [];
pages({Page, Rest}) -> Page ++ pages(ets:select(Rest)).

match_pages('$end_of_table') -> [];
match_pages({Page, Rest}) -> Page ++ match_pages(ets:match(Rest)).

match_object_pages('$end_of_table') -> [];
match_object_pages({Page, Rest}) -> Page ++ match_object_pages(ets:match_object(Rest)).

%% Ordered sets, whose keys are partly known: in their order.
ranges() ->
    T = ets:new(t, [ordered_set]),
    ets:insert(T, [{{A, B, [C]}} || A <- [1, 2.0, 3], B <- [x, y, "z"], C <- [1, 2]]),
    ets:insert(T, [{K} || K <- [1, a, {1}, {1, x}, {2, x, [1, 2]}, [], [1], [1, 2], [1, 3], [2 | x], <<"b">>, #{a => 1}, {4, x, [1]}]]),
    [show({Head, ets:select(T, [{Head, [], ['$_']}]), ets:select_reverse(T, [{Head, [], ['$_']}]), ets:select(T, [{Head, [], ['$_']}], 2) =/= x, pages(ets:select(T, [{Head, [], ['$_']}], 2)), pages(ets:select_reverse(T, [{Head, [], ['$_']}], 2)), ets:select_count(T, [{Head, [], [true]}])}) || Head <- [
        {{1, '_', '_'}}, {{2, '$1', '_'}}, {{2.0, '_', '_'}}, {{3, "z", '$1'}}, {{3, "z", [2]}}, {{1, x, ['$1']}}, {['$1' | '_']}, {[1 | '_']}, {['_', 2]}, {'$1'}, '_', {{}}, {a}, {1.0}, {#{a => '_'}}, {{'_', x, '_'}}, {x, y}
    ]],
    show(ets:select(T, [{{{1, x, '_'}}, [], ['$_']}, {{{3, y, '_'}}, [], ['$_']}])),
    show(ets:select(T, [{{{3, y, '_'}}, [], ['$_']}, {{a}, [], ['$_']}])),
    show(ets:select(T, [{{1}, [], ['$_']}, {{1.0}, [], [x]}])),
    show(ets:select(T, [{{1}, [], ['$_']}, {{a}, [], ['$_']}])),
    show(ets:select_delete(T, [{{{1, '_', '_'}}, [], [true]}])),
    show(ets:tab2list(T)).

%% Hash tables, whose keys are known.
keys() ->
    T = ets:new(t, [bag]),
    ets:insert(T, [{I rem 20, I} || I <- lists:seq(1, 100)]),
    show(ets:select(T, [{{3, '$1'}, [], ['$1']}])),
    show(ets:select(T, [{{3, '$1'}, [{'>', '$1', 50}], ['$1']}, {{3, '$1'}, [], [{{'$1'}}]}])),
    show(lists:sort(ets:select(T, [{{3, '$1'}, [], ['$1']}, {{4, '$1'}, [], ['$1']}]))),
    show(element(1, ets:select(T, [{{3, '$1'}, [], ['$1']}], 2))),
    show(ets:select(T, [{{nothing, '$1'}, [], ['$1']}], 2)),
    show(ets:select(T, [{x, [], ['$_']}, {{}, [], ['$_']}])),
    {Page, More} = ets:select(T, [{{3, '$1'}, [], ['$1']}], 2),
    show([Page | pages(More, [])]),
    show(ets:select_count(T, [{{3, '_'}, [], [true]}])),
    show(ets:select_delete(T, [{{3, '$1'}, [{'<', '$1', 50}], [true]}])),
    show(ets:lookup(T, 3)).

pages('$end_of_table', Pages) -> lists:reverse(Pages);
pages(Continuation, Pages) ->
    case ets:select(Continuation) of
        '$end_of_table' -> lists:reverse(Pages);
        {Page, Rest} -> pages(Rest, [Page | Pages])
    end.

replaced() ->
    [begin
        T = ets:new(t, Options),
        ets:insert(T, [{I, I, x} || I <- lists:seq(1, 10)]),
        show([try ets:select_replace(T, Spec) catch C:R -> {C, R} end || Spec <- [
            [{{'$1', '$2', x}, [{'>', '$1', 5}], [{{'$1', {'+', '$2', 100}, new}}]}],
            [{{3, '_', '_'}, [], [{{3, three, "text"}}]}],
            [{{4, '_', '_'}, [], [{const, {4, four}}]}],
            [{{'$1', '$2', '$3'}, [{'==', '$1', 1}], [{{{element, 1, '$_'}, '$3', '$2'}}]}],
            [{{'$1', '_', '_'}, [{'<', '$1', 3}], ['$_']}],
            [{{'$1', '$2', '_'}, [], [{{'$2', '$1'}}]}],
            [{{'$1', '_', '_'}, [], [x]}],
            [{'$1', [], [{{'$1'}}]}],
            [{{5, '_', '_'}, [], [{{6, x}}]}],
            []
        ]]),
        show(lists:sort(ets:tab2list(T)))
     end || Options <- [[set], [ordered_set], [duplicate_bag], [bag], [set, public, {write_concurrency, true}]]].

%% More objects than are looked at without a break.
long() ->
    [begin
        T = ets:new(t, Options),
        ets:insert(T, [{I, I rem 7, "some text"} || I <- lists:seq(1, 30000)]),
        show(length(ets:select(T, [{{'$1', 3, '_'}, [], ['$1']}]))),
        show(ets:select_count(T, [{{'$1', 3, '_'}, [{'>', '$1', 100}], [true]}])),
        show(length(pages(ets:select(T, [{{'$1', 3, '_'}, [], ['$1']}], 1000)))),
        show(length(pages(ets:select(T, [{{'$1', 3, '_'}, [{'>', '$1', 29000}], ['$1']}], 10)))),
        show(ets:select_replace(T, [{{'$1', 3, '$2'}, [], [{{'$1', {'*', '$1', 2}, '$2'}}]}])),
        show(ets:select_delete(T, [{{'$1', 4, '_'}, [], [true]}])),
        show(ets:info(T, size)),
        show(lists:sum([X || {_, X, _} <- ets:tab2list(T)])),
        ets:delete(T)
     end || Options <- [[set], [ordered_set], [duplicate_bag], [set, public, {write_concurrency, true}]]].

show(X) -> io:format("~0p~n", [X]).
