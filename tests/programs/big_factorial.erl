%% Growing products, exact division back down, and printing of numbers of hundreds of digits.
-module(big_factorial).
-export([main/0]).

main() ->
    F100 = factorial(100),
    io:format("~w~n", [F100]),
    io:format("~w~n", [lists:foldl(fun(N, Acc) -> 0 = Acc rem N, Acc div N end, F100, lists:seq(1, 100))]),
    io:format("~w~n", [length(integer_to_list(factorial(1000)))]),
    io:format("~w~n", [factorial(300) div factorial(297)]).

factorial(0) -> 1;
factorial(N) -> N * factorial(N - 1).
