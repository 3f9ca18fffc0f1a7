%% What a process called last, for those that ask for it.
-module(proc_saved_calls).
-export([main/0, remote/1, loop/1]).

main() ->
    show(process_info(self(), last_calls)),
    show(process_flag(save_calls, 6)),
    show(process_info(self(), last_calls)),
    _ = lists:reverse([1, 2]),
    _ = lists:member(1, [1, 2]),
    show(process_info(self(), last_calls)),
    %% Local calls are not, and what is written as an operator.
    X = local(3),
    _ = ?MODULE:remote(X),
    show(process_info(self(), last_calls)),
    apply(lists, append, [[[1], [2]]]),
    M = last(lists, 1),
    _ = M:seq(1, 3),
    F = fun lists:sum/1,
    _ = F([1, 2]),
    G = fun(Y) -> Y + 1 end,
    _ = G(1),
    _ = apply(F, [[1]]),
    show(process_info(self(), last_calls)),
    show(process_flag(save_calls, 20)),
    show(process_info(self(), last_calls)),
    self() ! one,
    _ = erlang:send(self(), two),
    receive one -> ok end,
    receive two -> ok end,
    receive none -> ok after 1 -> ok end,
    receive none -> ok after 0 -> ok end,
    show(process_info(self(), last_calls)),
    show(process_info(self(), last_calls)),
    true = process_flag(sensitive, true) =:= false,
    _ = lists:last([1]),
    true = process_flag(sensitive, false),
    show(process_info(self(), last_calls)),
    P = spawn(?MODULE, loop, [0]),
    show(process_info(P, last_calls)),
    show(process_flag(P, save_calls, 3)),
    [P ! {self(), N} || N <- [1, 2]],
    receive 2 -> ok end,
    timer:sleep(50),
    show(process_info(P, last_calls)),
    show(process_flag(P, save_calls, 0)),
    show(process_info(P, last_calls)),
    show(process_flag(save_calls, 0)),
    show(process_info(self(), last_calls)).

local(X) -> X + length([X]).

remote(X) -> element(1, {X}).

last(X, _) -> X.

loop(N) ->
    receive
        {From, X} -> From ! X, ?MODULE:loop(N + 1)
    end.

show(X) -> io:format("~p~n", [X]).
