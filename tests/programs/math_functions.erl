%% The math module's functions at arguments where the C library and we must agree to the last bit.
-module(math_functions).
-export([main/0, id/1]).

main() ->
    One = [sqrt, exp, log, log2, log10, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, ceil, floor],
    [io:format("~w ~w~n", [F, math:F(id(0.5))]) || F <- One],
    io:format("~w~n", [[math:pi(), math:pow(2, 10), math:pow(2.0, 0.5), math:atan2(1, -1), math:fmod(7.5, 2), math:sqrt(16), math:log2(1024)]]),
    io:format("~w~n", [[math:asinh(1.0), math:acosh(2.0), math:atanh(0.5), math:erf(0.5), math:erfc(0.5)]]).

id(X) -> X.
