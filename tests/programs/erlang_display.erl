%% erlang:display prints one term a line past the io system, in a form of its own.
-module(erlang_display).
-export([main/0]).

main() ->
    Terms = [a, 'A b', 1, 1 bsl 70, 1.5, "text", [1, 2], [a | b], [], {}, {x, {y}}, <<"b">>, <<1, 255>>, <<1:3>>, #{}, #{1 => "v"}, fun lists:map/2, 'é'],
    [true = erlang:display(T) || T <- Terms],
    ok.
