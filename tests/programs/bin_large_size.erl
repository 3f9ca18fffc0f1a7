%% Sizes read from the data that exceed it, and huge sizes that must fail without taking memory.
-module(bin_large_size).
-export([main/0]).

main() ->
    show(take(<<255, 255, 255, 255, "abc">>)),
    show(take(<<0, 0, 0, 2, "abc">>)),
    show(bits(<<16#7fffffffffffffff:64, 1>>)),
    show(bits(<<-1:64, 1>>)),
    show(neg(-1, <<1, 2>>)),
    show(neg(1 bsl 80, <<1, 2>>)),
    show(neg(1, <<1, 2>>)),
    show(neg(a, <<1, 2>>)).

take(<<N:32, Data:N/binary, _/binary>>) -> Data;
take(_) -> short.

bits(<<N:64, X:N, _/bits>>) -> X;
bits(<<N:64, X:N/binary, _/bits>>) -> X;
bits(_) -> none.

neg(N, B) ->
    case B of
        <<X:N/binary, _/binary>> -> X;
        _ -> no
    end.

show(X) -> io:format("~w~n", [X]).
