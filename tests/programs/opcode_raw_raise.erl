%% Exceptions re-raised by try without matching clauses keep class, reason and trace.
-module(opcode_raw_raise).
-export([main/0]).

main() ->
    io:format("~p~n", [[outer(C) || C <- [error, exit, throw]]]).

outer(Class) ->
    try inner(Class)
    catch C:R:S -> {C, R, [{F, A} || {?MODULE, F, A, _} <- S, F =:= act]}
    end.

inner(Class) ->
    try act(Class)
    catch nothing -> impossible; error:other -> impossible
    after put(done, true)
    end.

act(error) -> error(e);
act(exit) -> exit(x);
act(throw) -> throw(t).
