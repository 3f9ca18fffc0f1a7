%% Segments whose sizes are constants, which compile to other instructions than variable ones.
-module(bin_constant_sizes).
-export([main/0, id/1]).

main() ->
    show(<<1:8, 2:16, 3:24, 4:32, 5:40, 6:48, 7:56, 8:64>>),
    show(<<(id(-1)):4, (id(5)):12/little, (id(300)):8, (id(7)):9/little, (id(1)):7>>),
    <<A:4, B:4, C:16/little, D:8/signed, Rest/binary>> = id(<<16#ab, 1, 2, 255, 9, 9>>),
    show({A, B, C, D, Rest}),
    <<E:1, F:2, G:13, H:16/signed-little, I/bits>> = id(<<16#c0, 1, 254, 255, 3:3>>),
    show({E, F, G, H, I}),
    <<J:64, K:64/little, L:64/signed, M:128>> = id(<<-1:64, 1:64, -2:64, 3:128>>),
    show({J, K, L, M}),
    <<N:59, O:5, P:60/little, Q:4>> = id(<<-1:64, 255, 0, 255, 0, 1, 2, 3, 4>>),
    show({N, O, P, Q}).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
