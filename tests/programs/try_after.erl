%% after runs exactly once on every way out, and an exception in it replaces the first.
-module(try_after).
-export([main/0]).

main() ->
    show(catch_all(fun() -> try 1 after note(a) end end)),
    show(catch_all(fun() -> try throw(x) after note(b) end end)),
    show(catch_all(fun() -> try exit(x) after throw(from_after) end end)),
    show(catch_all(fun() -> try try error(e1) after note(c) end catch error:e1 -> error(e2) after note(d) end end)),
    show(catch_all(fun() -> loop(3) end)),
    show(lists:reverse(get(notes))).

loop(0) -> throw(bottom);
loop(N) -> try loop(N - 1) after note(N) end.

note(X) -> put(notes, [X | case get(notes) of undefined -> []; L -> L end]).

catch_all(F) ->
    try F() of V -> {value, V}
    catch C:R -> {C, R}
    end.

show(X) -> io:format("~w~n", [X]).
