%% An uncaught badmatch with the value that did not match.
%% exit: 1
%% stderr: compare
-module(crash_badmatch).
-export([main/0, id/1]).

main() ->
    {ok, X} = id({error, "reason", [1, 2, 3]}),
    X.

id(X) -> X.
