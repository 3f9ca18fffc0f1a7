%% Registered names: sending to them, looking them up, and the errors of names that are not there.
-module(spawn_register).
-export([main/0]).

main() ->
    Parent = self(),
    P = spawn(fun() -> receive {From, hi} -> From ! hello end end),
    true = register(greeter, P),
    show([whereis(greeter) =:= P, whereis(nobody), lists:member(greeter, registered())]),
    show(try register(greeter, self()) catch C:R -> {C, R} end),
    Ref = monitor(process, greeter),
    greeter ! {Parent, hi},
    show(receive hello -> hello end),
    show(receive {'DOWN', Ref, process, {greeter, _}, Why} -> Why end),
    show(whereis(greeter)),
    show(try greeter ! x catch C2:R2 -> {C2, R2} end),
    show(try unregister(greeter) catch C3:R3 -> {C3, R3} end),
    show([register(me, self()), me ! note, receive note -> got end, unregister(me)]).

show(X) -> io:format("~w~n", [X]).
