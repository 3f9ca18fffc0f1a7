%% erl_eval: Erlang evaluated by Erlang, with local variables, funs and exceptions.
%% beamrc: --keep lists
-module(stdlib_eval).
-export([main/0]).

main() ->
    [io:format("~p~n", [eval(Text)]) || Text <- [
        "1 + 2 * 3.",
        "X = 5, Y = X * X, {X, Y}.",
        "F = fun(A) -> A ++ [x] end, F([1]).",
        "[X * 2 || X <- lists:seq(1, 5), X rem 2 =:= 1].",
        "case {a, 1} of {a, N} when N > 0 -> N; _ -> none end.",
        "try throw(ball) catch throw:B -> {caught, B} end.",
        "<<A:4, _:4>> = <<16#a5>>, A.",
        "#{k := V} = #{k => 7}, V."
    ]].

eval(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = erl_eval:exprs(Exprs, []),
    Value.
