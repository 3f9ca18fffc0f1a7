%% What stands on zlib: compressed files, archives.
-module(zlib_files).
-export([main/0]).

main() ->
    Folder = filename:join(os:getenv("TMPDIR", "/tmp"), "beamrc_zlib_files_" ++ os:getpid()),
    ok = file:make_dir(Folder),
    try
        compressed(filename:join(Folder, "numbers.gz")),
        archive(Folder),
        zip()
    after
        ok = file:del_dir_r(Folder)
    end.

compressed(File) ->
    {ok, Out} = file:open(File, [write, compressed]),
    [ok = io:format(Out, "line ~w~n", [N]) || N <- lists:seq(1, 5000)],
    ok = file:close(Out),
    {ok, Bytes} = file:read_file(File),
    Text = zlib:gunzip(Bytes),
    io:format("~w ~w~n", [byte_size(Bytes), erlang:crc32(Text)]),
    {ok, In} = file:open(File, [read, compressed, binary]),
    io:format("~p ~p ~p~n", [file:read_line(In), file:position(In, 100), file:read(In, 20)]),
    ok = file:close(In),
    {ok, Raw} = file:open(File, [raw, read, compressed]),
    io:format("~p~n", [file:read(Raw, 12)]),
    ok = file:close(Raw).

archive(Folder) ->
    Tar = filename:join(Folder, "some.tar.gz"),
    Files = [{"one.txt", <<"the first">>}, {"two.txt", binary:copy(<<"more ">>, 1000)}],
    ok = erl_tar:create(Tar, Files, [compressed]),
    io:format("~p~n", [erl_tar:table(Tar, [compressed])]),
    {ok, Read} = erl_tar:extract(Tar, [compressed, memory]),
    io:format("~w~n", [lists:sort(Read) =:= Files]).

zip() ->
    {ok, {"a.zip", Zip}} = zip:create("a.zip", [{"one.txt", <<"the first">>}, {"two.txt", binary:copy(<<"more ">>, 1000)}], [memory]),
    {ok, Read} = zip:unzip(Zip, [memory]),
    io:format("~p~n", [[{Name, byte_size(Bytes), erlang:crc32(Bytes)} || {Name, Bytes} <- Read]]).
