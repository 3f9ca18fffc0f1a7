%% Bodies of try that never return: the compiler then lets them run into their own handlers.
-module(try_body_that_raises).
-export([main/0, again/1, after_too/1, in_a_function/1, plain/1]).

main() ->
    [io:format("~p ~p~n", [F, try ?MODULE:F(a) catch C:R:S -> {C, R, [element(2, Frame) || Frame <- S]} end])
     || F <- [again, after_too, in_a_function, plain]].

again(_) ->
    try float(hd("")) of V when V == 0 -> 1.0; V -> V
    catch error:badarith -> 2; C:R:S -> erlang:raise(C, R, S), 2
    end.

after_too(X) ->
    try element(3, {}) catch error:badarith -> 2; C:R:S -> erlang:raise(C, R, S), 2 after io:format("~p~n", [X]) end.

in_a_function(X) ->
    try 1 + atom catch exit:_ -> 2; C:R:S -> io:format("~p~n", [X]), erlang:raise(C, R, S) end.

plain(X) ->
    try map_get(X, #{}) catch error:{badkey, a} -> caught; _:_ -> other end.
