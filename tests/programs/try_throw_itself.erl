%% A try that throws to itself: what is behind the throw is never reached, and the compiler lets it
%% jump to the handler. Exceptions that the handler does not take leave the try.
-module(try_throw_itself).
-export([main/0, f/2]).

main() ->
    [io:format("~p~n", [catch ?MODULE:f(A, B)]) || A <- [latin1, utf8], B <- [1, 0, other]].

f(Encoding, By) ->
    put(encoding, Encoding),
    try
        if
            Encoding =:= latin1 -> throw(need_unicode);
            true -> ok
        end,
        Quotients = [quotient(N, By) || N <- lists:seq(1, 3)],
        case get(encoding) of
            latin1 -> [true = is_integer(Quotient) || Quotient <- Quotients];
            _ -> ok
        end,
        [true = is_integer(Quotient) || Quotient <- Quotients]
    catch
        throw:need_unicode ->
            io:format("only unicode~n"),
            {skipped, By}
    end.

quotient(_, other) -> throw(no_number);
quotient(N, By) -> N div By.
