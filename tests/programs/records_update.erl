%% Records: creation with defaults, access, update of one and many fields, and bad records.
-module(records_update).
-export([main/0, id/1]).

-record(person, {name, age = 0 :: integer(), email = "none", tags = []}).
-record(wide, {a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10}).

main() ->
    P = #person{name = "Joe"},
    show(P),
    P2 = P#person{age = 20 + id(1), tags = [x | P#person.tags]},
    show(P2),
    show([P2#person.name, P2#person.age, #person.email]),
    #person{name = N, tags = [T]} = P2,
    show({N, T}),
    W = #wide{c = id(c)},
    show(W#wide{a = x, j = y}),
    show(W#wide{a = 1, b = 2, c = 3, d = 4, e = 5}),
    show(is_record(P, person)),
    show(record_info(fields, person)),
    show(record_info(size, wide)),
    show([try f(id(X)) catch C:R -> {C, R} end || X <- [P, {person, 1}, notrec]]),
    show([try g(id(X)) catch C:R -> {C, R} end || X <- [P, {person, 1}, {other, 1, 2, 3, 4}]]),
    show([grown(id(X)) || X <- [P, P2, W]]).

f(X) -> X#person.age.

g(X) -> X#person{age = 1}.

grown(#person{age = A}) when A > 18 -> adult;
grown(#person{}) -> child;
grown(R) when is_record(R, wide) -> wide.

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
