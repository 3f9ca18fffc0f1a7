%% The old catch: values, throws, exits, errors with their traces, and catch inside expressions.
-module(catch_old).
-export([main/0, id/1]).

main() ->
    show(catch 1 + 1),
    show(catch throw(ball)),
    show(catch exit(stop)),
    show(element(1, element(2, catch error(bad)))),
    show([catch throw(N) || N <- [1, 2, 3]]),
    X = (catch throw(inner)),
    show({X, catch (catch throw(twice))}),
    {'EXIT', {badarith, [{M, F, A, _} | _]}} = (catch inverse(id(a))),
    show({M, F, A}),
    {'EXIT', {{badmatch, 2}, _}} = (catch (1 = id(2))),
    show(case catch id(fine) of {'EXIT', _} -> bad; V -> V end).

inverse(X) -> 1 / X.

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
