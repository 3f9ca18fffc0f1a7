%% Characters of every kind to standard output, in several calls without new lines.
-module(io_put_chars).
-export([main/0]).

main() ->
    io:put_chars("plain "),
    io:put_chars(<<"binary ">>),
    io:put_chars(["deep", [<<" list">>, $\s], "é € 日本 "]),
    io:nl(),
    io:write({a, "b", 'C d'}),
    io:nl(),
    io:fwrite("~s", ["no new line at the end: "]),
    [io:put_chars(integer_to_list(N)) || N <- lists:seq(1, 2000)],
    io:put_chars(lists:duplicate(100000, $x)),
    io:nl(),
    io:format("~ts", [<<"last">>]).
