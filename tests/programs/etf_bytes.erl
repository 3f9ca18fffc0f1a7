%% The external format's bytes for small terms of every kind.
-module(etf_bytes).
-export([main/0, id/1]).

main() ->
    Terms = [0, 255, 256, -1, 1 bsl 40, -(1 bsl 40), 1.5, a, 'é', [], "abc", [1000, a], [a | b], {}, {1, {2}}, <<>>, <<"xy">>, <<5:3>>, #{}, #{k => v}, fun lists:map/2, true],
    [io:format("~p ~w~n", [T, term_to_binary(id(T))]) || T <- Terms],
    [io:format("~w ", [erlang:external_size(id(T))]) || T <- Terms],
    io:nl(),
    io:format("~w~n", [iolist_to_binary(erlang:term_to_iovec({a, [1, 2, 3]}))]).

id(X) -> X.
