%% Funs that cannot be called, in functions that handle it and use other values afterwards.
-module(fun_bad_calls_caught).
-export([main/0]).

main() ->
    Fun = fun() -> ok end,
    Args = [some, {a}, here],
    direct(Fun, Args, make_ref()),
    local(),
    [io:format("~p~n", [try_it(id(F), id([X, X]), id({X}))]) || F <- [17, fun id/1, fun erlang:self/0, "x"], X <- [a, [b]]].

direct(Fun, Args, Ref) ->
    Res = (catch Fun(some, {a}, here)),
    case Res of
        {'EXIT', {{badarity, {Fun, Args}}, _}} -> io:format("same ~p~n", [Args]);
        _ -> io:format("~p~n", [Res])
    end,
    Res2 = (catch apply(Fun, Args)),
    erlang:garbage_collect(),
    io:format("~p~n", [Res =:= Res2 orelse element(1, element(2, Res2)) =:= {badarity, {Fun, Args}}]),
    is_reference(Ref) andalso io:format("~p~n", [Fun()]).

local() ->
    Fun = fun() -> ok end,
    Res = (catch Fun(some, {a}, here)),
    io:format("~p~n", [element(1, element(1, element(2, Res)))]),
    Res2 = (catch Fun(some, {b}, here)),
    erlang:garbage_collect(),
    io:format("~p ~p~n", [tuple_size(element(2, element(1, element(2, Res2)))), Fun()]).

try_it(Fun, List, Tuple) ->
    Kept = {List, Tuple},
    Result = try Fun(List, Tuple) catch error:{Reason, _} -> Reason end,
    erlang:garbage_collect(),
    {Result, Kept, try Fun(Kept, Result, 1) catch _:{Again, _} -> {Again, Kept} end}.

id(X) -> X.
