%% The shortest text that reads back, in every range where the notation changes.
-module(float_print).
-export([main/0]).

main() ->
    Floats = [0.0, -0.0, 1.0, -1.0, 0.1, 0.2, 0.3, 1.0e21, 1.0e22, 1.0e23, 123456789.0, 1234567890123456.0, 12345678901234567.0,
        9007199254740992.0, 9007199254740993.0, 1.0e15, 1.0e16, 1.0e17, 0.001, 0.0001, 0.00001, 1.0e-10, 5.0e-324, 2.2250738585072014e-308,
        1.7976931348623157e308, 3.14159, 2.718281828459045, 100.0, 1000000.0, 1.5e300, 4.35, 0.000123, 299792458.0],
    [io:format("~w ~p ~s ~s~n", [F, F, float_to_list(F, [short]), float_to_binary(F, [short])]) || F <- Floats],
    [true = list_to_float(float_to_list(F, [short])) =:= F || F <- Floats],
    [io:format("~s ~s~n", [float_to_list(F), float_to_list(F, [{decimals, 3}])]) || F <- Floats, abs(F) < 1.0e20],
    io:format("~s ~s~n", [float_to_list(1.5, [{decimals, 6}, compact]), float_to_list(123.456, [{scientific, 4}])]).
