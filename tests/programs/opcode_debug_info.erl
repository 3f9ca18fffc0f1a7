%% Beams compiled for debugging keep variables alive and carry debug lines.
%% otp: 28+
%% erlc: +beam_debug_info
-module(opcode_debug_info).
-export([main/0, id/1]).

main() ->
    X = id(1),
    Y = X + id(2),
    L = [Z * Y || Z <- [X, Y]],
    io:format("~w ~w~n", [Y, L]),
    io:format("~w~n", [try hd(id([])) catch error:E -> {E, X} end]).

id(X) -> X.
