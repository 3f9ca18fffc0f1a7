%% A handler added by a call of which only run time knows the module: its formatter writes the time and one line.
-module(logger_by_name).
-export([main/0]).

main() ->
    Logger = id(logger),
    File = "logger_by_name.log",
    _ = file:delete(File),
    ok = Logger:set_handler_config(default, level, none),
    ok = Logger:add_handler(mine, logger_std_h, #{config => #{type => {file, File}}}),
    ok = Logger:notice("first~n   second ~p", [third]),
    ok = Logger:error(#{a => report, of_two => keys}),
    ok = logger_std_h:filesync(mine),
    ok = Logger:remove_handler(mine),
    {ok, Text} = file:read_file(File),
    ok = file:delete(File),
    [show(Line) || Line <- binary:split(Text, <<"\n">>, [global])].

show(<<>>) -> ok;
show(Line) ->
    [Time, Rest] = binary:split(Line, <<" ">>),
    Digits = << <<(if C >= $0, C =< $9 -> $0; C =:= $- -> $+; true -> C end)>> || <<C>> <= Time>>,
    io:format("~s ~s~n", [Digits, Rest]).

id(X) -> X.
