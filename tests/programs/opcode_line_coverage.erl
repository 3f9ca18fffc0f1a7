%% Beams compiled for coverage carry one more instruction a line, which changes nothing.
%% otp: 27+
%% erlc: +line_coverage +force_line_counters
-module(opcode_line_coverage).
-export([main/0, id/1]).

main() ->
    io:format("~w~n", [f(id(5))]),
    io:format("~w~n", [try g(id(a)) catch error:E -> E end]).

f(0) -> done;
f(N) ->
    case N rem 2 of
        0 -> f(N div 2);
        1 -> f(N - 1)
    end.

g(X) -> X + 1.

id(X) -> X.
