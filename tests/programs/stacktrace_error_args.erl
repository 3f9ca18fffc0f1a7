%% erlang:error/2 and /3 put arguments and extra information into the first frame.
-module(stacktrace_error_args).
-export([main/0]).

main() ->
    show(try f(1, 2) catch error:R:S -> {R, trim(S)} end),
    show(try g([x]) catch error:R2:S2 -> {R2, trim(S2)} end),
    show(try erlang:error(r, none) catch error:R3:S3 -> {R3, trim(S3)} end),
    show(try h() catch error:R4:S4 -> {R4, trim(S4)} end).

trim([{M, F, A, L} | _]) -> {M, F, A, proplists:delete(file, L)}.

f(A, B) ->
    X = A + B,
    erlang:error({sum, X}, [A, B]).

g(L) ->
    X = length(L),
    erlang:error({len, X}, [L]).

h() ->
    X = erlang:error(special, [], [{error_info, #{cause => testing}}]),
    X + 1.

show(X) -> io:format("~p~n", [X]).
