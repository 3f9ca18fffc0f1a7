%% Processes append to large persistent terms while others read them: nobody's bytes move.
-module(bin_append_persistent).
-export([main/0, read/2]).

main() ->
    Keys = lists:seq(1, 20),
    [persistent_term:put({?MODULE, Key}, binary:copy(<<"abcdefgh">>, 200000)) || Key <- Keys],
    erlang:garbage_collect(),
    Reader = spawn_link(?MODULE, read, [self(), none]),
    io:format("~w~n", [[append(Reader, Key) || Key <- Keys]]),
    Reader ! stop,
    receive stopped -> ok end,
    io:format("~w~n", [[erlang:crc32(persistent_term:get({?MODULE, Key})) || Key <- Keys]]).

append(Reader, Key) ->
    Reader ! {read, Key},
    receive after 3 -> ok end,
    Bytes = persistent_term:get({?MODULE, Key}),
    One = <<Bytes/binary, Key:64>>,
    Other = <<Bytes/binary, (-Key):64>>,
    Odd = <<Bytes/binary, Key:3>>,
    {byte_size(One), erlang:crc32(One), erlang:crc32(Other), bit_size(Odd)}.

read(Parent, Key) ->
    receive
        stop -> Parent ! stopped;
        {read, Next} -> read(Parent, Next)
    after 0 ->
        Key =:= none orelse erlang:md5(persistent_term:get({?MODULE, Key})),
        read(Parent, Key)
    end.
