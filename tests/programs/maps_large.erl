%% Hash-trie maps: growth over the flat limit and back, with thousands of keys of all kinds.
-module(maps_large).
-export([main/0]).

main() ->
    M = lists:foldl(fun(N, Acc) -> Acc#{N => N * N} end, #{}, lists:seq(1, 10000)),
    show([map_size(M), maps:get(777, M), maps:get(10001, M, none), maps:is_key(5, M)]),
    M2 = lists:foldl(fun maps:remove/2, M, lists:seq(1, 9990)),
    show(maps:to_list(M2)),
    show(M2 =:= maps:from_list([{N, N * N} || N <- lists:seq(9991, 10000)])),
    Kinds = maps:from_list([{key(N), N} || N <- lists:seq(1, 700)]),
    show([maps:get(key(N), Kinds) =:= N || N <- [1, 2, 3, 4, 5, 6, 7, 700]]),
    show(map_size(Kinds)),
    Updated = Kinds#{key(5) := five, key(6) := six, new => new},
    show([maps:get(key(5), Updated), map_size(Updated), maps:get(key(5), Kinds)]),
    show(try Kinds#{missing := 1} catch C:{R, Map} when map_size(Map) =:= 700 -> {C, R}; C:R -> {C, R} end),
    show([map_size(build(N)) || N <- lists:seq(30, 35)]),
    show([build(N) =:= lists:foldl(fun maps:remove/2, build(40), lists:seq(N + 1, 40)) || N <- lists:seq(30, 35)]),
    show([lists:sum(maps:values(M)), lists:sum(maps:keys(M)), erlang:phash2(M)]).

key(N) ->
    case N rem 7 of
        0 -> N;
        1 -> {N, N};
        2 -> [N];
        3 -> integer_to_binary(N);
        4 -> N / 3;
        5 -> N bsl 70;
        6 -> integer_to_list(N)
    end.

build(N) -> maps:from_list([{K, K} || K <- lists:seq(1, N)]).

show(X) -> io:format("~p~n", [X]).
