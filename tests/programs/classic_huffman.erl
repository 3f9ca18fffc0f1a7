%% Huffman coding of a text: gb_trees as priority queue, bit strings as code words.
-module(classic_huffman).
-export([main/0]).

main() ->
    Text = <<"this is an example of a huffman tree">>,
    Freq = lists:foldl(fun(C, M) -> maps:update_with(C, fun(N) -> N + 1 end, 1, M) end, #{}, binary_to_list(Text)),
    Queue = lists:foldl(fun({C, N}, Q) -> gb_sets:add({N, C, C}, Q) end, gb_sets:new(), maps:to_list(Freq)),
    Tree = build(Queue),
    Codes = maps:from_list(codes(Tree, <<>>)),
    Coded = << <<(maps:get(C, Codes))/bits>> || <<C>> <= Text >>,
    io:format("~w ~w~n", [bit_size(Coded), Coded]),
    io:format("~s~n", [decode(Coded, Tree, Tree)]).

build(Q) ->
    {{N1, L1, T1}, Q1} = gb_sets:take_smallest(Q),
    case gb_sets:is_empty(Q1) of
        true -> T1;
        false ->
            {{N2, L2, T2}, Q2} = gb_sets:take_smallest(Q1),
            build(gb_sets:add({N1 + N2, min(L1, L2), {T1, T2}}, Q2))
    end.

codes({L, R}, P) -> codes(L, <<P/bits, 0:1>>) ++ codes(R, <<P/bits, 1:1>>);
codes(C, P) -> [{C, P}].

decode(<<>>, C, _) -> [C || is_integer(C)];
decode(Bits, C, Tree) when is_integer(C) -> [C | decode(Bits, Tree, Tree)];
decode(<<0:1, R/bits>>, {L, _}, T) -> decode(R, L, T);
decode(<<1:1, R/bits>>, {_, G}, T) -> decode(R, G, T).
