%% phash2 of every kind of term, bit for bit, and its range argument.
-module(hash_phash2).
-export([main/0, id/1]).

main() ->
    Terms = [0, 1, -1, 255, 1 bsl 26, 1 bsl 27, -(1 bsl 27) - 1, 1 bsl 59, 1 bsl 64, -(1 bsl 64), 1 bsl 200, 0.0, 1.5, -1.5, 1.0e300, a, b, '', true, [], [1], "hello", [a | b], lists:seq(1, 300), [300, 400],
        {}, {1}, {a, b, c}, {{}}, <<>>, <<1>>, <<"hello world, a longer one">>, <<1:3>>, <<1, 2, 5:7>>, #{}, #{a => 1}, #{a => 1, b => 2}, maps:from_list([{N, N} || N <- lists:seq(1, 50)]), fun lists:map/2,
        [[[]]], [{a, 1}, {b, 2.0}], 'héllo', "ünïcode"],
    [io:format("~w ~w ~w~n", [erlang:phash2(id(T)), erlang:phash2(id(T), 1000), erlang:phash2(id(T), 1 bsl 32)]) || T <- Terms],
    io:format("~w~n", [[try erlang:phash2(a, id(R)) catch C:E -> {C, E} end || R <- [0, -1, 1 bsl 33, a, 1]]]).

id(X) -> X.
