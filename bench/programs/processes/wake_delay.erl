%% How long a process that gets a message waits for its turn among a hundred that never wait, on one
%% scheduler: the 99.9th percentile. There are pauses, because systems hold up for a while what takes
%% a whole second at a real-time priority.
%% bench: unit us
%% bench: most 10000
%% bench: schedulers 1
-module(wake_delay).
-export([main/0, run/1, spin/2, echo/0]).

-define(SPINNING, 100).
-define(BATCH, 200).
-define(PAUSE_MS, 150).

main() -> bench:measure(fun ?MODULE:run/1, 1000).

run(Rounds) ->
    Delays = lists:sort(lists:append([batch() || _ <- lists:seq(1, max(1, Rounds div ?BATCH))])),
    Count = length(Delays),
    {lists:nth(Count - Count div 1000, Delays), Count}.

batch() ->
    Work = [fun arithmetic/1, fun lists/1, fun maps/1, fun natives/1],
    Spinning = [spawn_link(?MODULE, spin, [lists:nth(1 + I rem length(Work), Work), I])
                || I <- lists:seq(1, ?SPINNING)],
    Echo = spawn_link(?MODULE, echo, []),
    Delays = delays(Echo, ?BATCH),
    [begin unlink(P), exit(P, kill) end || P <- [Echo | Spinning]],
    timer:sleep(?PAUSE_MS),
    Delays.

delays(_Echo, 0) -> [];
delays(Echo, Rounds) ->
    Echo ! {self(), erlang:monotonic_time(microsecond)},
    receive Delay -> [Delay | delays(Echo, Rounds - 1)] end.

echo() ->
    receive {From, Sent} -> From ! erlang:monotonic_time(microsecond) - Sent end,
    echo().

spin(Work, State) -> spin(Work, Work(State)).

arithmetic(N) -> N * 7 rem 1000003.

lists(N) ->
    _ = lists:sum([X + N || X <- lists:seq(1, 300)]),
    N.

maps(N) ->
    _ = maps:fold(fun(_, V, Sum) -> V + Sum end, 0, maps:from_list([{X, N} || X <- lists:seq(1, 200)])),
    N.

natives(N) ->
    Binary = term_to_binary(lists:seq(1, 2000)),
    _ = binary:matches(Binary, <<N>>),
    length(lists:reverse(binary_to_term(Binary))) + N rem 7 - 2000.
