%% Conversions between kinds of terms: what each yields and which reasons they give.
-module(bif_conversions).
-export([main/0, id/1]).

main() ->
    show([list_to_tuple([1, 2]), tuple_to_list({1}), list_to_binary([1, [2, <<3>>]]), binary_to_list(<<1, 2>>), atom_to_list(a), list_to_atom("b"), atom_to_binary(c), binary_to_atom(<<"d">>)]),
    show([integer_to_list(42), list_to_integer("42"), integer_to_binary(-7), binary_to_integer(<<"8">>), float_to_list(1.5, [short]), list_to_float("2.5"), float(3), trunc(4.9), round(4.5)]),
    show([try F() catch C:R -> {C, R} end || F <- [
        fun() -> list_to_tuple(id(a)) end, fun() -> tuple_to_list(id([])) end, fun() -> list_to_binary(id([256])) end, fun() -> binary_to_list(id(<<1:3>>)) end,
        fun() -> list_to_atom(id("a" ++ [-1])) end, fun() -> integer_to_list(id(1.0)) end, fun() -> integer_to_list(id(5), id(1)) end, fun() -> integer_to_list(5, id(37)) end,
        fun() -> list_to_integer(id("12"), id(40)) end, fun() -> float_to_list(id(1)) end, fun() -> float_to_list(1.0, [{decimals, id(300)}]) end, fun() -> list_to_float(id("1")) end,
        fun() -> list_to_binary(id(<<1>>)) end, fun() -> list_to_bitstring(id(a)) end, fun() -> bitstring_to_list(id(1)) end, fun() -> iolist_size(id([[a]])) end]]).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
