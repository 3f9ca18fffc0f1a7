%% put, get, erase and get_keys, with many keys and terms that survive collections.
-module(process_dictionary).
-export([main/0]).

main() ->
    show([put(a, 1), put(a, 2), get(a), get(b), erase(a), erase(a), get()]),
    [put({key, N}, lists:seq(1, N rem 10)) || N <- lists:seq(1, 1000)],
    _ = lists:sum(lists:seq(1, 300000)),
    show([length(get()), get({key, 777}), length(get_keys()), length(get_keys([1]))]),
    %% All tell of the keys in the same order.
    show(process_info(self(), dictionary) =:= {dictionary, get()}),
    show([Key || {Key, _} <- get()] =:= get_keys()),
    show([Key || {Key, [1]} <- get()] =:= get_keys([1])),
    [erase({key, N}) || N <- lists:seq(1, 998)],
    show(lists:sort(get())),
    show(lists:sort(erase())),
    show(get()).

show(X) -> io:format("~w~n", [X]).
