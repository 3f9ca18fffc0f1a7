%% ~p of nested terms wider than a line: where it breaks and how far it indents.
-module(io_format_pretty).
-export([main/0]).

main() ->
    io:format("~p~n", [lists:seq(1, 40)]),
    io:format("~p~n", [[{key, N, "a string value", [N, N * 2], {nested, tuple, with, atoms}} || N <- lists:seq(1, 4)]]),
    io:format("~p~n", [#{1 => lists:duplicate(10, abcdefgh), 2 => #{3 => <<"a binary that is rather long for a line">>}}]),
    io:format("~p~n", [{a_very_long_atom_name_to_start_with, {another_very_long_atom_name, [yet_another_very_long_name, short]}}]),
    io:format("~p~n", [lists:duplicate(3, "some text that is long enough to break ") ++ ["x"]]),
    io:format("~p~n", [lists:flatten(lists:duplicate(10, "0123456789"))]),
    io:format("~p~n", [binary:copy(<<"0123456789">>, 12)]),
    io:format("~p~n", [<<0:1000>>]),
    io:format("~10p|~n~30p|~n", [{a, b, c, d}, [{x, 1}, {y, 2}]]),
    io:format("prefix ~p suffix~n", [[{one, "two"}, {three, lists:seq(1, 20)}]]),
    io:format("~p ~p~n", [[], [[], [[]], {}, <<>>, #{}]]),
    io:format("~P~n~W~n", [lists:seq(1, 50), 12, {a, {b, {c, {d, {e}}}}}, 5]).
