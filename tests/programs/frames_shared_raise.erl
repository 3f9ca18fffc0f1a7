%% Calls with frames of different sizes that return to the same raising code.
-module(frames_shared_raise).
-export([main/0]).

main() ->
    [io:format("~p~n", [try order(Order) catch Class:Reason -> {Class, Reason} end]) || Order <- [
        <<"bar">>, <<"foo">>, <<"foobar">>, "foo,bar", [<<"x">>], foobar, make_tuple()
    ]].

make_tuple() -> {self}.

order(Order) ->
    {_, _} =
        case Order of
            <<"bar">> ->
                {bar, 1};
            <<"foo">> ->
                {foo, 2};
            Other ->
                case string:split("foo", "o") of
                    [] -> ok;
                    _ ->
                        lists:flatten(
                            case Other of
                                Text when is_binary(Text) -> [Text];
                                Text -> string:split(Text, ",")
                            end)
                end,
                error
        end.
