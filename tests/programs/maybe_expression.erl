%% maybe with its matches, else clauses and values that fall through.
%% otp: 27+
-module(maybe_expression).
-export([main/0]).

main() ->
    [io:format("~p~n", [calc(A, B)]) || {A, B} <- [{"1", "2"}, {"x", "2"}, {"1", ""}, {"7", "0"}]],
    io:format("~p~n", [maybe {ok, X} ?= {ok, 5}, Y = X + 1, {done, Y} end]),
    io:format("~p~n", [maybe {ok, _} ?= nothing end]),
    io:format("~p~n", [try maybe a ?= b else c -> d end catch C:R -> {C, R} end]).

calc(A, B) ->
    maybe
        {X, []} ?= string:to_integer(A),
        {Y, []} ?= string:to_integer(B),
        true ?= Y =/= 0,
        {ok, X / Y}
    else
        {error, Why} -> {error, Why};
        false -> zero;
        Other when is_tuple(Other) -> {other, Other}
    end.
