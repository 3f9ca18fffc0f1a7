%% Map comprehensions and map generators.
%% otp: 26+
-module(maps_comprehension).
-export([main/0, id/1]).

main() ->
    show(#{K => K * K || K <- [1, 2, 3]}),
    show(#{V => K || K := V <- #{1 => 10, 2 => 20}}),
    show([{K, V} || K := V <- #{1 => 2, 3 => 4}, V > 2]),
    show(#{K => V || {K, V} <- [{1, a}, {1, b}, {2, c}]}),
    show(maps:size(#{K => V || K := V <- maps:from_list([{N, N rem 3} || N <- lists:seq(1, 100)]), V =:= 0})),
    show(#{C => true || <<C>> <= <<"abca">>}),
    show(lists:sort([K + V || K := V <- maps:iterator(#{1 => 1, 2 => 2})])),
    show(try [K || K := _ <- id(not_a_map)] catch C:R -> {C, R} end).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
