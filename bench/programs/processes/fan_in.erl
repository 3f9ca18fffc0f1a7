%% A hundred senders and one receiver.
-module(fan_in).
-export([main/0, run/1, sender/2]).

-define(SENDERS, 100).

main() -> bench:run(fun ?MODULE:run/1, 30000).

run(Rounds) ->
    [spawn(?MODULE, sender, [self(), Rounds]) || _ <- lists:seq(1, ?SENDERS)],
    collect(Rounds * ?SENDERS, 0).

sender(_To, 0) -> ok;
sender(To, Rounds) ->
    To ! {sum, Rounds, [a, b]},
    sender(To, Rounds - 1).

collect(0, Sum) -> Sum;
collect(Left, Sum) -> receive {sum, N, [a, b]} -> collect(Left - 1, Sum + N) end.
