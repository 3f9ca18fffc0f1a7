%% Files in memory, and archives that are read from a binary.
-module(ram_files).
-export([main/0]).

main() ->
    lists:foreach(fun modes/1, [[], [read], [write], [read, write], [binary, read, write]]),
    moving([ram, binary, read, write]),
    moving([ram, read, write]),
    failures(),
    owners(),
    archive().

modes(Modes) ->
    {ok, File} = file:open("first line\nsecond", [ram | Modes]),
    io:format("~p: ~p~n", [Modes, [
        file:read(File, 5), file:write(File, "XYZ"), file:position(File, bof), file:read(File, 100), file:read(File, 1),
        file:read(File, 0), file:truncate(File), file:sync(File), file:datasync(File), file:advise(File, 0, 0, normal),
        file:allocate(File, 0, 10), ram_file:get_size(File), ram_file:get_file(File), file:close(File), file:read(File, 1)
    ]]).

moving(Modes) ->
    {ok, File} = file:open(<<"0123456789">>, Modes),
    io:format("~p~n", [[
        file:position(File, {eof, -3}), file:read(File, 2), file:position(File, {cur, -4}), file:read(File, 2),
        file:position(File, {bof, -1}), file:position(File, 15), file:write(File, "end"), file:position(File, cur),
        file:pread(File, 8, 20), file:pread(File, [{0, 2}, {100, 1}, {17, 5}]), file:pwrite(File, 3, "abc"),
        file:pwrite(File, [{0, "<"}, {17, [<<">">>, "more"]}]), file:position(File, {bof, 4}), file:truncate(File),
        ram_file:get_file(File), file:position(File, 6), file:truncate(File), ram_file:get_file(File),
        file:write(File, [1, [2 | <<3>>]]), ram_file:get_file(File)
    ]]),
    {ok, Other} = file:open("", [ram, write, read]),
    file:position(File, bof),
    io:format("~p~n", [[file:copy(File, Other, 3), file:copy(File, Other), ram_file:get_file(Other)]]).

failures() ->
    {ok, File} = file:open("text", [ram]),
    io:format("~p~n", [[
        file:open(not_data, [ram]), file:open("text", [ram, append]), file:position(File, 1 bsl 31),
        file:position(File, 1 bsl 31 - 1), file:read(File, 1), file:read(File, 1 bsl 31), file:pread(File, -1, 1),
        file:position(File, nowhere), file:advise(File, 0, 0, nothing), file:write(File, not_data)
    ]]).

%% A file is that of the process that opened it.
owners() ->
    Me = self(),
    {_, Monitor} = spawn_monitor(fun() -> Me ! file:open("text", [ram]) end),
    receive {ok, File} -> ok end,
    receive {'DOWN', Monitor, _, _, Why} -> ok end,
    timer:sleep(50),
    io:format("~p ~p~n", [Why, file:read(File, 1)]).

archive() ->
    Names = ["ram_files.a", "ram_files.b"],
    Tar = "ram_files.tar",
    [ok = file:write_file(Name, lists:duplicate(1000, Name)) || Name <- Names],
    ok = erl_tar:create(Tar, Names, [compressed]),
    {ok, Packed} = file:read_file(Tar),
    [ok = file:delete(Name) || Name <- [Tar | Names]],
    io:format("~p~n", [erl_tar:table({binary, Packed}, [compressed])]),
    {ok, Files} = erl_tar:extract({binary, Packed}, [memory, compressed]),
    io:format("~p~n", [[{Name, byte_size(Bytes), erlang:md5(Bytes)} || {Name, Bytes} <- Files]]).
