%% The binary module: search, split, replace, encode, and the errors of its arguments.
-module(bin_module).
-export([main/0]).

main() ->
    B = <<"abracadabra">>,
    show([binary:match(B, <<"bra">>), binary:match(B, [<<"cad">>, <<"a">>]), binary:match(B, <<"x">>), binary:match(B, <<"a">>, [{scope, {1, 5}}])]),
    show([binary:matches(B, <<"a">>), binary:matches(B, [<<"ab">>, <<"abra">>]), binary:matches(B, <<"xyz">>)]),
    show([binary:split(B, <<"a">>), binary:split(B, <<"a">>, [global]), binary:split(B, <<"a">>, [global, trim_all]), binary:split(B, [<<"br">>, <<"ca">>], [global])]),
    show([binary:replace(B, <<"a">>, <<"-">>), binary:replace(B, <<"a">>, <<"-">>, [global]), binary:replace(B, <<"ra">>, <<"[]">>, [global, {insert_replaced, 1}])]),
    show([binary:first(B), binary:last(B), binary:at(B, 3), binary:bin_to_list(B, 2, 4), binary:list_to_bin([1, [2, <<3>>]])]),
    show([binary:longest_common_prefix([<<"abcd">>, <<"abxy">>, B]), binary:longest_common_suffix([<<"xbra">>, B])]),
    show([binary:encode_unsigned(1 bsl 40), binary:encode_unsigned(258, little), binary:decode_unsigned(<<1, 2, 3>>), binary:decode_unsigned(<<1, 2, 3>>, little)]),
    show([binary:encode_hex(<<"Hi!">>), binary:decode_hex(<<"48692A">>), binary:copy(<<"ab">>, 3)]),
    P = binary:compile_pattern([<<"b">>, <<"d">>]),
    show(binary:matches(B, P)),
    show([try F() catch C:R -> {C, R} end || F <- [fun() -> binary:match(B, <<>>) end, fun() -> binary:at(B, 11) end, fun() -> binary:first(<<>>) end, fun() -> binary:copy(B, -1) end, fun() -> binary:decode_hex(<<"4">>) end]]).

show(X) -> io:format("~p~n", [X]).
