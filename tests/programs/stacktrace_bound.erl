%% A trace bound by catch can be kept, printed later and raised again with erlang:raise/3.
-module(stacktrace_bound).
-export([main/0]).

main() ->
    {C, R, S} = try f(0) catch C0:R0:S0 -> {C0, R0, S0} end,
    io:format("~p ~p ~p~n", [C, R, [{M, F, A} || {M, F, A, _} <- S, M =:= ?MODULE]]),
    try erlang:raise(C, R, S)
    catch
        error:badarith:S2 -> io:format("~p~n", [[{M, F, A} || {M, F, A, _} <- S2, M =:= ?MODULE]])
    end,
    try
        try f(0)
        catch error:E:S3 -> erlang:raise(exit, {wrapped, E}, S3)
        end
    catch
        exit:W:S4 -> io:format("~p ~p~n", [W, [{M, F, A} || {M, F, A, _} <- S4, M =:= ?MODULE]])
    end,
    try erlang:raise(throw, t, [{m, f, [1, 2], [{line, 3}]}])
    catch
        throw:t:S5 -> io:format("~p~n", [hd(S5)])
    end,
    io:format("~p~n", [catch erlang:raise(error, x, not_a_stack)]).

f(X) -> g(X) + 1.

g(X) -> 1 div X.
