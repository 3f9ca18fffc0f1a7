%% size, length, byte_size, bit_size, map_size and parts of terms, right and wrong.
-module(bif_size_and_parts).
-export([main/0]).

main() ->
    Fs = [{length, fun length/1}, {tuple_size, fun tuple_size/1}, {byte_size, fun byte_size/1}, {bit_size, fun bit_size/1}, {map_size, fun map_size/1}, {size, fun size/1}, {hd, fun hd/1}, {tl, fun tl/1}],
    Terms = [[], [1, 2], [1 | 2], {}, {1, 2, 3}, <<>>, <<1, 2>>, <<1:9>>, #{}, #{a => 1}, a, 1, 1.5],
    [io:format("~w ~w~n", [N, [try F(T) catch _:R -> R end || T <- Terms]]) || {N, F} <- Fs].
