%% Lines printed to a file by io:format.
-module(printing).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 30000).

run(Rounds) ->
    {ok, File} = file:open("/dev/null", [write]),
    lines(File, Rounds),
    file:close(File).

lines(_File, 0) -> ok;
lines(File, N) ->
    io:format(File, "~b: ~s ~p~n", [N, "a line of text", {tuple, N, [<<"binary">>]}]),
    lines(File, N - 1).
