%% Formatting: io_lib:format of numbers, strings and terms, compiled from OTP's beams.
-module(formatting).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 40000).

run(Rounds) -> loop(Rounds, 0).

loop(0, Size) -> Size;
loop(N, Size) ->
    Text = io_lib:format("~w ~p: ~s ~8..0b ~.3f ~p~n", [N, {tuple, N, [a, b]}, "text", N, N / 7, #{key => <<"value">>}]),
    loop(N - 1, Size + iolist_size(Text)).
