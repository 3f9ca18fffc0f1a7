%% Hundreds of thousands of throws and catches leave neither memory nor handlers behind.
-module(exception_many).
-export([main/0]).

main() ->
    io:format("~w~n", [count(300000, 0)]),
    io:format("~w~n", [errors(20000, 0)]).

count(0, Sum) -> Sum;
count(N, Sum) ->
    count(N - 1, Sum + try toss(N) catch throw:X -> X end).

toss(N) when N rem 3 =:= 0 -> 1;
toss(N) -> throw(N band 1).

errors(0, Sum) -> Sum;
errors(N, Sum) ->
    errors(N - 1, Sum + try 1 div (N rem 2) catch error:badarith -> 0 end).
