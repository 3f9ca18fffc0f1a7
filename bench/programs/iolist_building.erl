%% Text building as programs do it: nested iolists made from numbers and names, then flattened.
-module(iolist_building).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 60).

run(Rounds) ->
    [byte_size(iolist_to_binary([row(N, Round) || N <- lists:seq(1, 20000)])) || Round <- lists:seq(1, Rounds)].

row(N, Round) ->
    [<<"<tr><td>">>, integer_to_binary(N * Round), <<"</td><td>">>, name(N), [$<, "/td", $>], <<"</tr>\n">>].

name(N) when N band 1 =:= 0 -> ["even", [<<" ">>, integer_to_list(N)]];
name(_) -> <<"odd">>.
