%% Every part of try: of, catch by class, after, guards on the reason, and values passed through.
-module(try_forms).
-export([main/0]).

main() ->
    [io:format("~w ~w~n", [X, outcome(X)]) || X <- [value, other, error, throw, exit, guarded, unmatched, 7]],
    io:format("~w~n", [get(count)]).

outcome(X) ->
    try
        run(X)
    catch
        Class:Reason -> {outer, Class, Reason}
    end.

run(X) ->
    try act(X) of
        1 -> one;
        N when is_integer(N) -> {number, N};
        unmatched -> act(error_in_of);
        ok -> fine
    catch
        error:bad -> caught_error;
        throw:{ball, N} when N > 2 -> {caught, N};
        throw:{ball, _} -> small_ball;
        exit:_ -> caught_exit
    after
        put(count, case get(count) of undefined -> 1; C -> C + 1 end)
    end.

act(value) -> 1;
act(other) -> {some, tuple};
act(error) -> erlang:error(bad);
act(throw) -> throw({ball, 3});
act(guarded) -> throw({ball, 1});
act(exit) -> exit(stop);
act(unmatched) -> unmatched;
act(error_in_of) -> erlang:error(in_of);
act(N) -> N.
