%% A JSON parser and printer by hand: binary matching, recursion, maps and text building.
-module(classic_json).
-export([main/0]).

main() ->
    Text = <<"{\"name\": \"J\\u00f6rg \\\"x\\\"\", \"n\": [1, -2.5e3, true, null, {}], \"deep\": {\"a\": [[], [0.1]]}}">>,
    {Value, <<>>} = value(skip(Text)),
    io:format("~ts~n", [print(Value)]),
    {Again, <<>>} = value(iolist_to_binary(print(Value))),
    io:format("~p~n", [Again =:= Value]),
    [io:format("~p~n", [try value(skip(B)) catch throw:T -> T; error:function_clause -> bad end]) || B <- [<<"[1,">>, <<"tru">>, <<"\"open">>, <<"{\"a\" 1}">>]].

value(<<"null", R/binary>>) -> {null, skip(R)};
value(<<"true", R/binary>>) -> {true, skip(R)};
value(<<"false", R/binary>>) -> {false, skip(R)};
value(<<$", R/binary>>) -> string(R, <<>>);
value(<<$[, R/binary>>) -> array(skip(R), []);
value(<<${, R/binary>>) -> object(skip(R), []);
value(<<C, _/binary>> = B) when C =:= $-; C >= $0, C =< $9 -> number(B, 0);
value(_) -> throw(unexpected).

string(<<$", R/binary>>, Acc) -> {Acc, skip(R)};
string(<<"\\u", H:4/binary, R/binary>>, Acc) -> string(R, <<Acc/binary, (binary_to_integer(H, 16))/utf8>>);
string(<<$\\, C, R/binary>>, Acc) -> string(R, <<Acc/binary, C>>);
string(<<C/utf8, R/binary>>, Acc) -> string(R, <<Acc/binary, C/utf8>>);
string(_, _) -> throw(open_string).

array(<<$], R/binary>>, Acc) -> {lists:reverse(Acc), skip(R)};
array(<<$,, R/binary>>, Acc) -> array(skip(R), Acc);
array(B, Acc) -> {V, R} = value(B), array(R, [V | Acc]).

object(<<$}, R/binary>>, Acc) -> {{obj, lists:reverse(Acc)}, skip(R)};
object(<<$,, R/binary>>, Acc) -> object(skip(R), Acc);
object(<<$", B/binary>>, Acc) ->
    {K, R} = string(B, <<>>),
    case R of
        <<$:, R2/binary>> -> {V, R3} = value(skip(R2)), object(R3, [{K, V} | Acc]);
        _ -> throw(no_colon)
    end.

number(B, N) ->
    case B of
        <<_:N/binary, C, _/binary>> when C >= $0, C =< $9; C =:= $-; C =:= $.; C =:= $e -> number(B, N + 1);
        <<T:N/binary, R/binary>> -> {to_number(T), skip(R)}
    end.

to_number(T) ->
    try binary_to_integer(T)
    catch error:badarg ->
        case binary:split(T, <<"e">>) of
            [M, E] -> binary_to_float(<<M/binary, "e", E/binary>>);
            [_] -> binary_to_float(T)
        end
    end.

skip(<<C, R/binary>>) when C =:= $\s; C =:= $\n -> skip(R);
skip(B) -> B.

print({obj, Members}) -> [${, lists:join(", ", [[quote(K), ": ", print(V)] || {K, V} <- Members]), $}];
print(L) when is_list(L) -> [$[, lists:join($,, [print(V) || V <- L]), $]];
print(B) when is_binary(B) -> quote(B);
print(A) when is_atom(A) -> atom_to_binary(A);
print(N) when is_integer(N) -> integer_to_binary(N);
print(F) -> float_to_binary(F, [short]).

quote(B) -> [$", << <<(escape(C))/binary>> || <<C/utf8>> <= B >>, $"].

escape($") -> <<"\\\"">>;
escape(C) -> <<C/utf8>>.
