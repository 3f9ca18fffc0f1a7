%% Stack traces: functions, arities or arguments, files and lines, through calls, funs and BIFs.
%% beamrc: --allow-missing
-module(stacktrace_shape).
-export([main/0, id/1]).

main() ->
    Tries = [
        fun() -> a(1) end,
        fun() -> one_clause(x) end,
        fun() -> lists:map(fun(X) -> 1 + X end, [a]) end,
        fun() -> atom_to_list(id(7)) end,
        fun() -> lists:foldl(fun(X, Y) -> X + Y end, 0, not_a_list) end,
        fun() -> nomod:nofun(1) end,
        fun() -> local_fun() end,
        fun() -> maps:get(id(k), #{}) end
    ],
    lists:foreach(
        fun(F) ->
            try F() of
                V -> io:format("value ~p~n", [V])
            catch
                C:R:Stack ->
                    io:format("~p ~p~n", [C, R]),
                    [io:format("  ~p:~p/~p ~p~n", [M, Fn, args(A), location(L)]) || {M, Fn, A, L} <- Stack, M =/= init]
            end
        end,
        Tries
    ).

args(A) when is_list(A) -> {args, A};
args(N) -> N.

location(L) -> {filename:basename(proplists:get_value(file, L, "none")), own_line(L)}.

%% Lines of OTP's own files are left out: they change with every release.
own_line(L) ->
    case proplists:get_value(file, L, "none") of
        "tests/" ++ _ -> proplists:get_value(line, L);
        _ -> none
    end.

a(X) -> b(X) + 1.

b(X) -> c(X, x) + 1.

c(X, _) ->
    {ok, Y} = id(X),
    Y.

one_clause(y) -> ok.

local_fun() ->
    F = fun(X) -> X * id(a) end,
    F(1) + 1.

id(X) -> X.
