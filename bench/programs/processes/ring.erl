%% A number that goes round a ring of a thousand processes.
-module(ring).
-export([main/0, run/1, member/1]).

-define(SIZE, 1000).

main() -> bench:run(fun ?MODULE:run/1, 2000).

run(Rounds) ->
    First = lists:foldl(fun(_, Next) -> spawn(?MODULE, member, [Next]) end, self(), lists:seq(2, ?SIZE)),
    Sum = turns(First, Rounds, 0),
    First ! stop,
    receive stop -> Sum end.

turns(_First, 0, Sum) -> Sum;
turns(First, Rounds, Sum) ->
    First ! {token, 1},
    receive {token, N} -> turns(First, Rounds - 1, Sum + N) end.

member(Next) ->
    receive
        {token, N} ->
            Next ! {token, N + 1},
            member(Next);
        stop ->
            Next ! stop
    end.
