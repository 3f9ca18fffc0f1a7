%% Registered names: what can be registered, who is found, sending to names.
-module(proc_names).
-export([main/0]).

show(What) -> io:format("~p~n", [What]).
try_(F) -> try F() catch C:E -> {C, E} end.

main() ->
    P = spawn(fun Loop() -> receive {ask, F, X} -> F ! {told, X}, Loop(); stop -> ok end end),
    show(try_(fun() -> register(one, P) end)),
    show(whereis(one) =:= P),
    show(whereis(none)),
    show(try_(fun() -> register(one, self()) end)),
    show(try_(fun() -> register(two, P) end)),
    show(try_(fun() -> register(undefined, self()) end)),
    show(try_(fun() -> register("one", self()) end)),
    show(try_(fun() -> register(three, foo) end)),
    show(lists:member(one, registered())),
    show(process_info(P, registered_name)),
    one ! {ask, self(), 1},
    receive {told, A} -> show(A) end,
    {one, node()} ! {ask, self(), 2},
    receive {told, B} -> show(B) end,
    show(erlang:send(one, {ask, self(), 3}, [noconnect])),
    receive {told, C} -> show(C) end,
    show(try_(fun() -> nobody ! x end)),
    show(try_(fun() -> {nobody, node()} ! x end)),
    show(try_(fun() -> {1, 2, 3} ! x end)),
    show(try_(fun() -> 17 ! x end)),
    show(try_(fun() -> erlang:send(one, x, [bad]) end)),
    show(try_(fun() -> unregister(one) end)),
    show(try_(fun() -> unregister(one) end)),
    show(try_(fun() -> whereis("x") end)),
    show(process_info(P, registered_name)),
    register(again, P),
    R = monitor(process, P),
    P ! stop,
    receive {'DOWN', R, process, P, _} -> ok end,
    show(whereis(again)),
    show(try_(fun() -> register(dead, P) end)),
    show(lists:member(again, registered())),
    register(myself, self()),
    myself ! me,
    receive me -> show(ok) end,
    show(P ! to_dead),
    show(is_pid(self())),
    show(element(2, process_info(self(), registered_name))).
