%% Text to floats: the forms that are allowed, the errors, and rounding of long decimals.
-module(float_text).
-export([main/0, id/1]).

main() ->
    Good = ["1.0", "-1.5", "+2.5", "1.0e10", "1.0E-10", "0.1", "123456789012345678901234567890.0", "1.7976931348623157e308", "4.9e-324", "0.30000000000000004"],
    [io:format("~w ~w~n", [list_to_float(id(T)), binary_to_float(list_to_binary(T))]) || T <- Good],
    Bad = ["", "1", "1.", ".5", "1e5", "1.0e", "1.0e400", "abc", "1.0 ", "-"],
    [io:format("~p: ~p ~p~n", [T, try list_to_float(id(T)) catch C:R -> {C, R} end, try binary_to_float(list_to_binary(T)) catch C:R -> {C, R} end]) || T <- Bad],
    io:format("~p ~p~n", [string:to_float("1.5e3xyz"), string:to_float("15")]).

id(X) -> X.
