%% term_to_binary and back for every kind of term, with and without compression.
-module(etf_round_trip).
-export([main/0, id/1]).

main() ->
    Terms = [0, 255, 256, -1, 1 bsl 31, -(1 bsl 31), 1 bsl 31 - 1, 1 bsl 64, -(1 bsl 2100), 1.5, -0.0, a, 'long atom name', 'é', '日本', [], "abc", [256], [a | b], lists:duplicate(70000, 1), {}, {1, 2},
        list_to_tuple(lists:seq(1, 300)), <<>>, <<"bin">>, <<1:1>>, <<1, 2:2>>, #{}, #{a => [1]}, maps:from_list([{N, [N]} || N <- lists:seq(1, 40)]), fun lists:map/2, {[{[{}]}]}],
    [begin
        B = term_to_binary(id(T)),
        true = binary_to_term(B) =:= T,
        true = binary_to_term(term_to_binary(T, [compressed])) =:= T,
        true = binary_to_term(term_to_binary(T, [{minor_version, 1}])) =:= T,
        true = binary_to_term(term_to_binary(T, [deterministic])) =:= T,
        true = byte_size(B) =< erlang:external_size(T),
        {T, Used} = binary_to_term(<<B/binary, "tail">>, [used]),
        true = Used =:= byte_size(B)
    end || T <- Terms],
    io:format("~w terms~n", [length(Terms)]).

id(X) -> X.
