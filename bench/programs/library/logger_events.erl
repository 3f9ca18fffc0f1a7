%% Events that the standard handler formats and writes to a file.
-module(logger_events).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 10000).

run(Rounds) ->
    ok = logger:set_primary_config(level, notice),
    ok = logger:remove_handler(default),
    ok = logger:add_handler(file, logger_std_h, #{config => #{type => file, file => "/dev/null", burst_limit_enable => false}, formatter => {logger_formatter, #{single_line => true}}}),
    events(Rounds),
    ok = logger:remove_handler(file),
    Rounds.

events(0) -> ok;
events(N) ->
    logger:notice("event ~b of ~p: ~s", [N, {some, [<<"term">>]}, "text"], #{domain => [bench]}),
    logger:info("not logged ~b", [N]),
    logger:error(#{what => happened, number => N}),
    events(N - 1).
