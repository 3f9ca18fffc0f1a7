%% Terms that share parts keep sharing after collections, so that memory does not explode.
-module(gc_shared_subterms).
-export([main/0]).

main() ->
    T = share(22, leaf),
    true = erlang:garbage_collect(),
    io:format("~w~n", [depth(T, 0)]),
    io:format("~w~n", [erts_debug:size(T)]),
    L = lists:seq(1, 100),
    Many = [L || _ <- lists:seq(1, 1000)],
    io:format("~w~n", [length(Many)]).

share(0, T) -> T;
share(N, T) -> share(N - 1, {T, T}).

depth(leaf, N) -> N;
depth({T, _}, N) -> depth(T, N + 1).
