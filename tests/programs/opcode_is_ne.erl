%% A comparison that jumps if its operands are equal: `is_ne`, over numbers of both kinds.
-module(opcode_is_ne).
-export([main/0, either/2, unless/3]).

main() ->
    Terms = [0, 0.0, -0.0, 1, 1.0, 1 bsl 70, float(1 bsl 70), a, "a", {1}, {1.0}, #{a => 1}, #{a => 1.0}, <<1>>, <<1:1>>],
    [io:format("~w ~w: ~w ~w~n", [A, B, either(A, B), unless(A, B, true)]) || A <- Terms, B <- Terms].

either(A, B) when A == B; A > B -> equal_or_more;
either(_, _) -> less.

unless(A, B, C) when not (A == B), C -> differ;
unless(_, _, _) -> equal.
