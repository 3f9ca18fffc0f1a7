%% receive inside try, exceptions while matching, and messages kept after them.
-module(receive_in_try).
-export([main/0]).

main() ->
    self() ! {value, a},
    self() ! {value, 5},
    show(try receive {value, X} -> X + 1 end catch error:badarith -> bad end),
    show(try receive {value, Y} -> Y + 1 after 100 -> none end catch error:badarith -> bad end),
    show(catch receive nothing -> x after 1 -> throw(late) end),
    self() ! 1,
    self() ! b,
    show(receive Z when hd(Z) =:= 1 -> list; Z when Z + 1 =:= 2 -> one end),
    show(receive W -> W end).

show(X) -> io:format("~w~n", [X]).
