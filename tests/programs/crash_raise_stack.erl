%% erlang:raise with a stack of its own making.
%% exit: 1
%% stderr: compare
-module(crash_raise_stack).
-export([main/0]).

main() ->
    try erlang:error(first)
    catch error:first:_ -> erlang:raise(error, second, [{somewhere, else_, 2, [{file, "x.erl"}, {line, 7}]}])
    end.
