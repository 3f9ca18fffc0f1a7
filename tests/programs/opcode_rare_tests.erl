%% Test instructions that ordinary programs seldom need: /=, is_port, is_pid, is_function with arity.
-module(opcode_rare_tests).
-export([main/0, id/1]).

main() ->
    Terms = [1, 1.0, a, self(), make_ref(), fun id/1, fun lists:map/2, <<1>>, <<1:1>>, "x", {}],
    io:format("~w~n", [[[ne(id(A), id(B)) || B <- Terms] || A <- Terms]]),
    io:format("~w~n", [[kind(id(T)) || T <- Terms]]),
    io:format("~w~n", [[arity(id(T), id(N)) || T <- Terms, N <- [1, 2, -1, a]]]).

ne(A, B) when A /= B, is_atom(A); A /= B, is_number(B) -> 2;
ne(A, B) when A /= B -> 1;
ne(_, _) -> 0.

kind(X) when is_port(X) -> port;
kind(X) when is_pid(X) -> pid;
kind(X) when is_reference(X) -> reference;
kind(X) when is_function(X, 1) -> fun1;
kind(X) when is_function(X) -> 'fun';
kind(X) when is_number(X) -> number;
kind(X) when is_binary(X) -> binary;
kind(X) when is_bitstring(X) -> bitstring;
kind(_) -> other.

arity(F, N) when is_function(F, N) -> 1;
arity(_, _) -> 0.

id(X) -> X.
