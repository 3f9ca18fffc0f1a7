%% Float overflow, division by zero and non-numbers raise badarith; no infinity ever appears.
-module(float_errors).
-export([main/0, id/1]).

main() ->
    Big = id(1.7976931348623157e308),
    Tries = [
        fun() -> Big + Big end,
        fun() -> Big * 2.0 end,
        fun() -> -Big - Big end,
        fun() -> 1.0 / id(0.0) end,
        fun() -> id(0.0) / id(0.0) end,
        fun() -> id(1.0) + id(a) end,
        fun() -> id(a) * 2.0 end,
        fun() -> math:sqrt(id(-1.0)) end,
        fun() -> math:log(id(0)) end,
        fun() -> math:exp(id(1000)) end,
        fun() -> math:pow(id(10), 400) end,
        fun() -> math:acos(id(2)) end,
        fun() -> math:sin(id(x)) end,
        fun() -> float(id(1 bsl 1024)) end,
        fun() -> float(id(a)) end
    ],
    [io:format("~w~n", [try F() catch C:R -> {C, R} end]) || F <- Tries],
    io:format("~w~n", [id(1.0e-320) / id(1.0e10)]).

id(X) -> X.
