%% Files, folders and links by path, through OTP's file, filelib and the natives of prim_file.
-module(file_operations).
-export([main/0]).
-include_lib("kernel/include/file.hrl").

main() ->
    Dir = filename:join("/tmp", "beamrc_files_" ++ os:getpid()),
    show(make_dir, file:make_dir(Dir)),
    show(again, file:make_dir(Dir)),
    try run(Dir) after file:del_dir_r(Dir) end,
    show(gone, file:read_file_info(Dir)).

run(Dir) ->
    In = fun(Name) -> filename:join(Dir, Name) end,
    show(write, file:write_file(In("a"), ["one", <<" two">>, [$\n, "three"]])),
    show(read, file:read_file(In("a"))),
    show(append, file:write_file(In("a"), <<"\nfour\n">>, [append])),
    show(read, file:read_file(In("a"))),
    show(missing, file:read_file(In("none"))),
    show(folder, file:read_file(Dir)),
    show(exclusive, file:write_file(In("a"), "x", [exclusive])),
    show(raw, file:write_file(In(<<"b">>), "raw", [raw])),
    show(rename, file:rename(In("b"), In("c"))),
    show(no_rename, file:rename(In("b"), In("d"))),
    show(copy, file:copy(In("a"), In("copy"))),
    show(links, [file:make_link(In("a"), In("hard")), file:make_symlink("a", In("soft"))]),
    show(read_link, [file:read_link(In("soft")), file:read_link(In("a"))]),
    show(make_dirs, filelib:ensure_dir(In("x/y/z/file"))),
    show(nested, file:write_file(In("x/y/z/ü.txt"), <<"ü"/utf8>>)),
    {ok, Names} = file:list_dir(Dir),
    show(list_dir, lists:sort(Names)),
    show(list_dir, [file:list_dir(In("a")), file:list_dir(In("none"))]),
    show(wildcard, filelib:wildcard("**/*", Dir)),
    show(wildcard, filelib:wildcard("{a,c}*", Dir)),
    show(sizes, [filelib:file_size(In(F)) || F <- ["a", "c", "x", "none"], F =/= "x"]),
    show(fold, filelib:fold_files(Dir, "^[a-c]", true, fun(F, N) -> filelib:file_size(F) + N end, 0)),
    show(kinds, [{filelib:is_file(In(F)), filelib:is_regular(In(F)), filelib:is_dir(In(F))} || F <- ["a", "x", "none"]]),
    info(In("a")), info(In("x")), info(In("soft")),
    {ok, #file_info{type = Link}} = file:read_link_info(In("soft")),
    show(link, Link),
    show(mode, file:change_mode(In("a"), 8#600)),
    {ok, Changed} = file:read_file_info(In("a")),
    show(mode, Changed#file_info.mode band 8#7777),
    Time = {{2020, 2, 29}, {12, 30, 59}},
    show(time, file:change_time(In("a"), Time)),
    {ok, Times} = file:read_file_info(In("a"), [{time, local}]),
    show(time, Times#file_info.mtime),
    {ok, Posix} = file:read_file_info(In("a"), [{time, posix}]),
    show(time, Posix#file_info.mtime =:= calendar:datetime_to_gregorian_seconds(hd(calendar:local_time_to_universal_time_dst(Time))) - 62167219200),
    show(delete, [file:delete(In("c")), file:delete(In("c")), file:delete(In("x"))]),
    show(del_dir, [file:del_dir(In("x")), file:del_dir(In("none")), file:del_dir(In("a"))]),
    show(bad, [file:read_file([a, 1.0]), file:read_file("a\0b"), file:make_dir(<<"a", 0>>), file:read_file(17)]),
    {ok, Old} = file:get_cwd(),
    show(cwd, file:set_cwd(Dir)),
    show(cwd, file:get_cwd() =:= {ok, Dir}),
    show(relative, file:read_file("copy")),
    show(absolute, filename:absname("copy") =:= In("copy")),
    show(cwd, [file:set_cwd(Old), file:set_cwd(In("none"))]),
    show(consult, [file:write_file(In("terms"), "{a, 1}.\n[b, \"c\"]. %x\n"), file:consult(In("terms"))]),
    show(consult, [file:write_file(In("terms"), "{a, 1}.\n[b, \"c\". %x\n"), file:consult(In("terms"))]).

info(File) ->
    {ok, #file_info{size = Size, type = Type, access = Access, links = Links}} = file:read_file_info(File),
    show(info, {case Type of directory -> any; _ -> Size end, Type, Access, Links}).

show(What, Result) -> io:format("~p: ~tp~n", [What, Result]).
