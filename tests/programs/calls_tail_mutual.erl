%% Mutual tail calls between functions of different arity run in constant memory.
-module(calls_tail_mutual).
-export([main/0]).

main() ->
    io:format("~w~n", [even(3000000)]),
    io:format("~w~n", [state_a(1000000, [], 0)]).

even(0) -> true;
even(N) -> odd(N - 1, x).

odd(0, _) -> false;
odd(N, _) -> even(N - 1).

state_a(0, L, C) -> {L, C};
state_a(N, L, C) when N rem 3 =:= 0 -> state_b(N - 1, [N band 1 | lists:sublist(L, 2)], C, x);
state_a(N, L, C) -> state_c({N - 1, L, C}).

state_b(N, L, C, _) -> state_a(N, L, C + 1).

state_c({N, L, C}) -> state_a(N, L, C).
