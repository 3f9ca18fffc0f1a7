%% The program's own arguments, in the order given.
%% args: one two --three -4 éé
-module(io_arguments).
-export([main/0]).

main() ->
    io:format("~tp~n", [init:get_plain_arguments()]).
