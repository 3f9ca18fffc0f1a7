%% apply of apply of ... in tail position, a million times: what raises at its end names its caller.
-module(apply_nested).
-export([main/0, id/1]).

main() ->
    show(fun() -> tail(nested([erlang, error, [oops]])) end),
    show(fun() -> tail(nested([erlang, exit, [gone]])) end),
    show(fun() -> tail(nested([erlang, throw, [ball]])) end),
    show(fun() -> tail(nested([erlang, error, [1, 2, 3, 4, 5]])) end),
    show(fun() -> tail(nested([?MODULE, id, [x]])) end).

nested(Call) -> lists:foldl(fun(_, Inner) -> [erlang, apply, Inner] end, Call, lists:seq(1, 1000000)).

tail([M, F, As]) -> apply(M, F, As).

arity(As) when is_list(As) -> length(As);
arity(Arity) -> Arity.

id(X) -> X.

show(Fun) ->
    Told =
        try
            Fun()
        catch
            Class:Reason:Trace -> {Class, Reason, [{M, F, arity(As)} || {M, F, As, _} <- Trace, M =/= init]}
        end,
    io:format("~p~n", [Told]).
