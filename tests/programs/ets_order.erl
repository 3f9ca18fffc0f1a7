%% The order in which hash tables are walked, before and after they grow and shrink.
%% otp: 27-27
-module(ets_order).
-export([main/0]).

main() ->
    [order(Options, N) || Options <- [[set], [bag], [duplicate_bag], [set, public, {write_concurrency, true}], [set, public, {write_concurrency, auto}]], N <- [0, 1, 10, 255, 256, 257, 600, 3000, 10000]],
    T = ets:new(t, []),
    ets:insert(T, [{K} || K <- [<<"abc">>, 1.5, {1, 2}, [1, 2, 3], "text", #{1 => 2}, 1 bsl 80, -1, 0, {}, [], -(1 bsl 70), {<<"x">>, [1.0]}]]),
    show(ets:tab2list(T)).

order(Options, N) ->
    T = ets:new(t, Options),
    [ets:insert(T, {I, I rem 3}) || I <- lists:seq(1, N)],
    [ets:insert(T, {I, x}) || I <- lists:seq(1, N, 5)],
    show({Options, N, few(ets:tab2list(T))}),
    show(few(ets:select(T, [{{'$1', 1}, [], ['$1']}]))),
    {Page, Rest} = page(ets:select(T, [{{'$1', '_'}, [], ['$1']}], 7)),
    {Next, _} = page(Rest),
    show({Page, Next}),
    [ets:delete(T, I) || I <- lists:seq(1, N), I rem 7 =/= 0],
    show(few(ets:tab2list(T))).

page('$end_of_table') -> {[], '$end_of_table'};
page({Page, '$end_of_table'}) -> {Page, '$end_of_table'};
page({Page, Rest}) -> {Page, ets:select(Rest)}.

few(List) when length(List) < 400 -> List;
few(List) -> {lists:sublist(List, 100), erlang:phash2(List)}.

show(X) -> io:format("~0p~n", [X]).
