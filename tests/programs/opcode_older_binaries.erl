%% Binary code as compilers without the optimiser emit it: the plain instructions one by one.
%% otp: 25-27
%% erlc: +no_copt +no_bsm_opt +no_ssa_opt +no_bs_match +no_type_opt
-module(opcode_older_binaries).
-export([main/0, id/1]).

main() ->
    B = <<1, 2:16, 3:4, 5:4, 1.5/float, "text", 8364/utf8, 65/utf16, 66/utf32>>,
    <<A, C:16, D:4, E:4, F/float, T:4/binary, U/utf8, V/utf16, W/utf32>> = id(B),
    io:format("~w~n", [{A, C, D, E, F, T, U, V, W}]),
    io:format("~w~n", [[tail(id(X)) || X <- [<<1, 2, 3>>, <<>>, <<1:3>>, a]]]),
    N = id(12),
    <<X:N, Y:N/little-signed, Z/bits>> = id(<<16#abcdef12:32>>),
    io:format("~w~n", [{X, Y, Z}]),
    io:format("~w~n", [<< <<(Q + 1):5>> || <<Q:5>> <= <<1, 2, 3, 4, 5>> >>]),
    <<_:N/bits, _/utf8, Rest/bytes>> = id(<<0:12, "a", "rest">>),
    io:format("~w~n", [Rest]).

tail(<<H, T/binary>>) -> {H, T};
tail(<<>>) -> empty;
tail(B) when is_bitstring(B) -> bits;
tail(_) -> none.

id(X) -> X.
