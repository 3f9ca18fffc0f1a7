%% Argument orders and frames that make the compiler emit swap, trim and init_yregs.
-module(opcode_swap_and_trim).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[swap(a, b), swap3(1, 2, 3), trimmed(5, [x])]]),
    io:format("~w~n", [partly(7, true)]),
    io:format("~w~n", [partly(7, false)]).

swap(A, B) -> pair(B, A).

pair(A, B) -> {A, B}.

swap3(A, B, C) -> triple(C, A, B).

triple(A, B, C) -> {A, B, C}.

trimmed(N, L) ->
    A = id(N),
    B = id({A, L}),
    C = id([B | L]),
    D = id({A, C}),
    E = id(D),
    F = id({E}),
    id(element(1, F)).

partly(N, Flag) ->
    X = id(N),
    Y = case Flag of true -> id(X + 1); false -> none end,
    Z = id(X),
    {X, Y, Z}.

id(X) -> X.
