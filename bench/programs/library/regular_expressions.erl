%% Regular expressions over lines of a log: matched, split and replaced.
-module(regular_expressions).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 10000).

run(Rounds) ->
    {ok, Line} = re:compile("^(\\d+-\\d+-\\d+) (?<level>[A-Z]+) \\[(\\w+)\\] (.*)$"),
    {ok, Words} = re:compile("\\s+"),
    {ok, Number} = re:compile("[0-9]+"),
    lists:sum([line(Line, Words, Number, text(N)) || N <- lists:seq(1, Rounds)]).

text(N) ->
    <<"2026-11-21 ERROR [module", (integer_to_binary(N))/binary, "] some text of 12 words and ", (integer_to_binary(N * 7))/binary, " at the end">>.

line(Line, Words, Number, Text) ->
    {match, [_Date, Level, Module, Rest]} = re:run(Text, Line, [{capture, all_but_first, binary}]),
    Parts = re:split(Rest, Words, [{return, binary}]),
    Replaced = re:replace(Text, Number, <<"<&>">>, [global, {return, binary}]),
    byte_size(Level) + byte_size(Module) + length(Parts) + byte_size(Replaced).
