%% What cannot go into a segment is badarg, and sizes are checked before anything is built.
-module(bin_construct_errors).
-export([main/0, id/1]).

main() ->
    Tries = [
        fun() -> <<(id(a))>> end,
        fun() -> <<(id(1.5)):8>> end,
        fun() -> <<(id("x"))/binary>> end,
        fun() -> <<(id(<<1:3>>))/binary>> end,
        fun() -> <<(id(<<1, 2>>)):3/binary>> end,
        fun() -> <<1:(id(-1))>> end,
        fun() -> <<1:(id(a))>> end,
        fun() -> <<(id({}))/bits>> end,
        fun() -> <<"ok", (id(none))/binary>> end,
        fun() -> <<(id(<<1, 2, 3>>)):2/binary>> end,
        fun() -> <<(id(<<1, 2, 3>>)):(id(13))/bits>> end,
        fun() -> <<(id(1)):(id(0))>> end,
        fun() -> <<1:(id(1 bsl 70))>> end
    ],
    [io:format("~w~n", [try F() catch C:R -> {C, R} end]) || F <- Tries].

id(X) -> X.
