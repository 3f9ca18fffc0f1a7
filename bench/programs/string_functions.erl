%% The string module on lists and binaries with Unicode: split, upper case, trim and find.
-module(string_functions).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 700).

run(Rounds) ->
    Text = binary:copy(<<"Grüße aus Köln, the quick brown fox; "/utf8>>, 40),
    List = unicode:characters_to_list(Text),
    [begin
        Parts = string:split(Text, " ", all),
        Upper = string:uppercase(List),
        Trimmed = [string:trim(P, both, ",;") || P <- Parts],
        erlang:phash2({Trimmed, Upper, string:length(List), string:find(Text, "fox", trailing)})
    end || _ <- lists:seq(1, Rounds)].
