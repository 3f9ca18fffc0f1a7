%% Stack traces used in some clauses only, inside nested handlers and after other calls.
-module(opcode_build_stacktrace).
-export([main/0, id/1]).

main() ->
    io:format("~p~n", [[run(K) || K <- [error, throw, exit, none]]]).

run(K) ->
    try do(K)
    catch
        error:R:S -> id(x), {error, R, top(S), nested(S)};
        throw:R -> {throw, R};
        exit:R:S when R =/= q -> {exit, R, length(S) > 0}
    end.

nested(S) ->
    try error(again)
    catch error:again:S2 -> {top(S2), top(S)}
    end.

top([{M, F, A, _} | _]) -> {M, F, A}.

do(error) -> error(e);
do(throw) -> throw(t);
do(exit) -> exit(x);
do(none) -> none.

id(X) -> X.
