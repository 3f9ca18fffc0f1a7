%% A loop over a binary whose match context is reused, backed up to, and turned into a binary again.
-module(bin_match_context).
-export([main/0]).

main() ->
    Text = <<"the quick, brown fox; jumps over 13 lazy dogs">>,
    io:format("~p~n", [words(Text, <<>>, [])]),
    io:format("~p~n", [numbers(<<"a1b22c333d">>, [])]),
    io:format("~p~n", [peek(<<"xxabc">>)]),
    io:format("~p~n", [split(<<"key=value=more">>, 0)]),
    io:format("~p~n", [rle(<<"aaabccccd">>)]).

words(<<C, Rest/binary>>, Word, Seen) when C >= $a, C =< $z -> words(Rest, <<Word/binary, C>>, Seen);
words(<<_, Rest/binary>>, <<>>, Seen) -> words(Rest, <<>>, Seen);
words(<<_, Rest/binary>>, Word, Seen) -> words(Rest, <<>>, [Word | Seen]);
words(<<>>, Word, Seen) -> lists:reverse([Word | Seen]).

numbers(<<D, _/binary>> = All, Seen) when D >= $0, D =< $9 ->
    {N, Rest} = number(All, 0),
    numbers(Rest, [N | Seen]);
numbers(<<_, Rest/binary>>, Seen) -> numbers(Rest, Seen);
numbers(<<>>, Seen) -> lists:reverse(Seen).

number(<<D, Rest/binary>>, N) when D >= $0, D =< $9 -> number(Rest, N * 10 + D - $0);
number(Rest, N) -> {N, Rest}.

peek(<<"x", Rest/binary>> = All) ->
    case Rest of
        <<"x", More/binary>> -> {peek(More), byte_size(All)};
        _ -> {single, All}
    end;
peek(Other) -> {other, Other}.

split(Binary, N) ->
    case Binary of
        <<Key:N/binary, $=, Value/binary>> -> {Key, Value};
        <<_:N/binary, _, _/binary>> -> split(Binary, N + 1);
        _ -> none
    end.

rle(<<>>) -> [];
rle(<<C, Rest/binary>>) -> rle(Rest, C, 1).

rle(<<C, Rest/binary>>, C, N) -> rle(Rest, C, N + 1);
rle(Rest, C, N) -> [{C, N} | rle(Rest)].
