%% update_record in its copying and reusing forms, on records that are shared and on ones that are not.
-module(opcode_update_record).
-export([main/0, id/1]).

-record(s, {count = 0, list = [], last, extra = {}}).

main() ->
    S = loop(1000, #s{}),
    io:format("~p~n", [S#s{list = length(S#s.list)}]),
    A = #s{count = id(1)},
    B = A#s{count = 2, last = x},
    C = B#s{count = id(1), last = undefined},
    io:format("~p~n", [{A, B, C, A =:= C}]),
    io:format("~p~n", [A#s{count = A#s.count}]).

loop(0, S) -> S;
loop(N, #s{count = C, list = L} = S) -> loop(N - 1, S#s{count = C + N, list = [N | L], last = N}).

id(X) -> X.
