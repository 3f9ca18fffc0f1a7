%% The rest of the lists module, function by function.
-module(lists_module).
-export([main/0]).

main() ->
    L = [5, 3, 8, 1, 9, 2],
    show([lists:nth(3, L), lists:nthtail(4, L), lists:last(L), lists:sum(L), lists:max(L), lists:min(L), lists:sublist(L, 2, 3)]),
    show([lists:split(2, L), lists:splitwith(fun(X) -> X > 2 end, L), lists:partition(fun(X) -> X > 4 end, L)]),
    show([lists:takewhile(fun(X) -> X > 2 end, L), lists:dropwhile(fun(X) -> X > 2 end, L), lists:droplast(L)]),
    show([lists:zip([1, 2], [a, b]), lists:unzip([{1, a}, {2, b}]), lists:zip3([1], [2], [3]), lists:zipwith(fun(A, B) -> A + B end, [1, 2], [3, 4])]),
    show([lists:foldl(fun(X, A) -> [X | A] end, [], L), lists:foldr(fun(X, A) -> [X | A] end, [], L), lists:mapfoldl(fun(X, A) -> {X * 2, A + X} end, 0, L)]),
    show([lists:flatten([1, [2, [3, []], 4], []]), lists:flatlength([1, [2, [3]]]), lists:append([[1], [2], []]), lists:concat([a, 1, "s", 2.5])]),
    show([lists:any(fun(X) -> X > 8 end, L), lists:all(fun(X) -> X > 0 end, L), lists:filter(fun(X) -> X band 1 =:= 0 end, L), lists:filtermap(fun(X) when X > 5 -> {true, -X}; (_) -> false end, L)]),
    show([lists:seq(1, 10, 3), lists:seq(5, 1, -2), lists:seq(1, 0), lists:duplicate(3, x), lists:join($,, "abc"), lists:enumerate([a, b]), lists:search(fun(X) -> X < 3 end, L)]),
    show([lists:keydelete(b, 1, [{a, 1}, {b, 2}]), lists:keyreplace(a, 1, [{a, 1}], {z, 0}), lists:keystore(q, 1, [{a, 1}], {q, 9}), lists:keytake(a, 1, [{a, 1}, {b, 2}]), lists:keymap(fun(X) -> -X end, 2, [{a, 1}])]),
    show([lists:prefix("ab", "abc"), lists:suffix("bc", "abc"), lists:subtract("abc", "b"), lists:delete(3, L), lists:uniq([a, b, a]), lists:flatmap(fun(X) -> [X, X] end, [1, 2])]),
    show([try F() catch C:R -> {C, R} end || F <- [fun() -> lists:nth(7, L) end, fun() -> lists:last([]) end, fun() -> lists:max([]) end, fun() -> lists:seq(1, 5, 0) end, fun() -> lists:zip([1], []) end, fun() -> lists:sum([a]) end]]).

show(X) -> io:format("~w~n", [X]).
