%% erlang:raise/3 with a trace that was caught and a class that is none, or is known only at run time.
-module(raise_no_class).
-export([main/0]).

main() ->
    [io:format("~p~n", [try again(Class) catch C:R -> {caught, C, R} end]) || Class <- [error, exit, throw, bad_class, 17, "x"]],
    io:format("~p~n", [try never() catch C1:R1 -> {caught, C1, R1} end]),
    io:format("~p~n", [try in_try(bad_class) catch C2:R2 -> {caught, C2, R2} end]).

again(Class) ->
    try abs(make_atom())
    catch _:Reason:Trace -> erlang:raise(Class, Reason, Trace)
    end.

never() ->
    try abs(make_atom())
    catch _:Reason:Trace -> {got, erlang:raise(no_class, Reason, Trace)}
    end.

in_try(Class) ->
    try
        try abs(make_atom())
        catch _:Reason:Trace -> {got, erlang:raise(Class, Reason, Trace)}
        end
    after
        io:format("after~n")
    end.

make_atom() -> list_to_atom("a").
