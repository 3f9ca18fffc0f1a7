%% A throw out of a million frames, caught at the top, several times over.
-module(exception_deep).
-export([main/0]).

main() ->
    io:format("~w~n", [[try dig(N) catch throw:X -> X end || N <- [10, 1000, 100000, 1000000]]]),
    io:format("~w~n", [through(1000)]).

dig(0) -> throw(bottom);
dig(N) -> 1 + dig(N - 1).

%% As many nested handlers as frames, each of which passes the exception on.
through(N) ->
    try nested(N) catch throw:{passed, M} -> M end.

nested(0) -> throw({passed, 0});
nested(N) ->
    try nested(N - 1)
    catch throw:{passed, M} -> throw({passed, M + 1})
    end.
