%% The same language without any optimisation: plain tests, moves, gets and calls.
%% erlc: +no_copt +no_ssa_opt +no_postopt +no_module_opt +no_type_opt
-module(opcode_unoptimised).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [[f(id(X)) || X <- [0, 1, a, [], [1], {x, 1}, #{k => 1}, 2.5, <<"b">>]]]),
    io:format("~w~n", [lists:map(fun({A, B}) -> A - B end, [{3, 1}, {1.5, 1}])]),
    io:format("~w~n", [try g(id(0)) catch error:E -> E after ok end]),
    self() ! {m, 1},
    io:format("~w~n", [receive {m, X} when X > 0 -> X after 10 -> late end]).

f(0) -> zero;
f(N) when is_integer(N), N > 0 -> {positive, N};
f(A) when is_atom(A) -> A;
f([]) -> nil;
f([H | T]) -> {H, T};
f({x, Y}) -> Y;
f(#{k := V} = M) -> M#{k := V + 1, 2 => j};
f(F) when is_float(F) -> F * 2;
f(B) -> <<B/binary, "!">>.

g(X) -> 10 div X.

id(X) -> X.
