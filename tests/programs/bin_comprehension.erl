%% Binary comprehensions: binary and list generators, filters, and both kinds of result.
-module(bin_comprehension).
-export([main/0, id/1]).

main() ->
    show(<< <<(X * 2)>> || <<X>> <= <<1, 2, 3, 200>> >>),
    show([X || <<X:4>> <= <<16#12, 16#ab>>]),
    show(<< <<X:12>> || X <- [1, 2, 3] >>),
    show(<< <<X:1>> || X <- lists:seq(1, 19) >>),
    show(<< <<A, B>> || <<A>> <= <<1, 2, 3>>, B <- [10, 20], A rem 2 =:= 1 >>),
    show([{X, Y} || <<X:3, Y:5>> <= <<1, 2, 255, 7:4>>]),
    show(<< <<C/utf16>> || <<C/utf8>> <= <<"añ€"/utf8>> >>),
    show([X || <<X:16/float>> <= << <<F:16/float>> || F <- [1.0, 0.5] >>]),
    show(<< <<"<", X/binary, ">">> || X <- [<<"a">>, <<"bc">>] >>),
    show(<< <<N:8>> || <<1:1, N:7>> <= <<129, 2, 131>> >>),
    show(<< <<X>> || X <- [] >>),
    show(try << <<X>> || X <- id([1, a]) >> catch C:R -> {C, R} end),
    show(try << <<X>> || <<X>> <= id(not_bits) >> catch C2:R2 -> {C2, R2} end).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
