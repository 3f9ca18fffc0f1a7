%% Small-integer operators on every sign, in operands the compiler cannot fold.
-module(arith_small).
-export([main/0, id/1]).

main() ->
    Values = [0, 1, -1, 2, -2, 7, -7, 100, -100],
    lists:foreach(
        fun({A, B}) ->
            io:format("~w ~w: ~w~n", [A, B, [id(A) + id(B), id(A) - id(B), id(A) * id(B) | quotients(id(A), id(B))]])
        end,
        [{A, B} || A <- Values, B <- Values]
    ),
    io:format("~w~n", [[-id(V) || V <- Values]]),
    io:format("~w~n", [[+id(V) || V <- Values]]),
    io:format("~w~n", [[abs(id(V)) || V <- Values]]).

quotients(_, 0) -> [];
quotients(A, B) -> [A div B, A rem B, A / B].

id(X) -> X.
