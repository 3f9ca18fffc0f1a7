%% Calls with a fresh reference past a long queue: the compiler's receive markers.
-module(receive_markers).
-export([main/0]).

main() ->
    [self() ! {noise, N} || N <- lists:seq(1, 5000)],
    show(lists:sum([call(N) || N <- lists:seq(1, 5000)])),
    show([nested(N) || N <- lists:seq(1, 3)]),
    show(either(5)),
    show(count(0)).

call(N) ->
    Ref = make_ref(),
    self() ! {Ref, N * 2},
    receive {Ref, Reply} -> Reply end.

nested(N) ->
    Outer = make_ref(),
    self() ! {Outer, N},
    Inner = call(N),
    receive {Outer, V} -> {V, Inner} end.

either(N) ->
    Ref = case N > 3 of true -> make_ref(); false -> self() end,
    self() ! {Ref, N},
    receive {Ref, V} -> V after 1000 -> lost end.

count(N) -> receive {noise, _} -> count(N + 1) after 0 -> N end.

show(X) -> io:format("~w~n", [X]).
