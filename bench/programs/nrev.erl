%% List construction and matching: naive reverse of short lists.
-module(nrev).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 3000).

run(Rounds) ->
    List = lists:seq(1, 200),
    lists:foldl(fun(_, _) -> nrev(List) end, [], lists:seq(1, Rounds)).

nrev([]) -> [];
nrev([H | T]) -> append(nrev(T), [H]).

append([], L) -> L;
append([H | T], L) -> [H | append(T, L)].
