%% Documents to JSON and back.
-module(json_documents).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 4000).

run(Rounds) -> lists:sum([document(N) || N <- lists:seq(1, Rounds)]).

document(N) ->
    Item = fun(I) -> #{<<"id">> => I * N, <<"name">> => <<"item \"", (integer_to_binary(I))/binary, "\"">>, <<"price">> => I / 4, <<"tags">> => [<<"a">>, <<"b\n">>, null, true]} end,
    Document = #{<<"items">> => [Item(I) || I <- lists:seq(1, 20)], <<"total">> => N},
    Text = iolist_to_binary(json:encode(Document)),
    Document = json:decode(Text),
    byte_size(Text).
