%% Sigils, triple-quoted strings and underscores in numbers.
%% otp: 27+
-module(literals_modern).
-export([main/0]).

main() ->
    io:format("~p ~p ~p~n", [~"bytes é", ~s"chars", ~S(raw\n)]),
    io:format("~s~n", ["""
        Two lines
          with "quotes"
        """]),
    io:format("~p ~p ~p~n", [1_000_000, 16#ff_ff, 1_0.2_5]).
