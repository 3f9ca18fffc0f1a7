%% Open files: through the processes of file_io_server and raw, in all modes.
-module(file_handles).
-export([main/0]).

main() ->
    Dir = filename:join("/tmp", "beamrc_handles_" ++ os:getpid()),
    ok = file:make_dir(Dir),
    try
        [served(filename:join(Dir, "s"), Modes) || Modes <- [[], [binary], [raw, binary], [raw, binary, read_ahead], [raw, binary, delayed_write]]],
        lines(filename:join(Dir, "l")),
        encodings(filename:join(Dir, "e")),
        positions(filename:join(Dir, "p")),
        owners(filename:join(Dir, "o")),
        large(filename:join(Dir, "big"))
    after
        file:del_dir_r(Dir)
    end.

served(File, Modes) ->
    show(modes, Modes),
    {ok, W} = file:open(File, [write | Modes]),
    show(write, [file:write(W, "0123456789"), file:write(W, [<<"ab">>, $c, ["d"]]), file:pwrite(W, 2, <<"XY">>)]),
    show(write, [file:pwrite(W, [{0, "-"}, {12, "end"}]), file:sync(W), file:datasync(W)]),
    show(read, file:read(W, 3)),
    show(close, file:close(W)),
    {ok, R} = file:open(File, [read | Modes]),
    show(read, [file:read(R, 4), file:read(R, 0), file:read(R, 100), file:read(R, 1)]),
    show(position, [file:position(R, 2), file:position(R, {cur, 3}), file:position(R, {eof, -1}), file:position(R, bof), file:position(R, {bof, -1})]),
    show(pread, [file:pread(R, 3, 4), file:pread(R, 100, 4), file:pread(R, [{0, 2}, {50, 1}, {2, 2}])]),
    show(write, file:write(R, "x")),
    show(advise, [file:advise(R, 0, 0, sequential), file:advise(R, 0, 0, nonsense)]),
    show(close, [file:close(R), catch file:read(R, 1)]),
    {ok, B} = file:open(File, [read, write | Modes]),
    show(truncate, [file:position(B, 5), file:truncate(B), file:position(B, 0), file:read(B, 100), file:close(B)]),
    {ok, A} = file:open(File, [append | Modes]),
    show(append, [file:write(A, "more"), file:close(A), file:read_file(File)]),
    show(open, [file:open(filename:join(File, "x"), [read | Modes]), file:open(filename:dirname(File), [read | Modes])]),
    show(open, [file:open(File, [exclusive | Modes]), element(1, file:open(File, [nonsense | Modes]))]).

lines(File) ->
    ok = file:write_file(File, [["line ", integer_to_list(N), case N rem 3 of 0 -> "\r\n"; _ -> "\n" end] || N <- lists:seq(1, 2000)] ++ ["last"]),
    [begin
        {ok, F} = file:open(File, [read | Modes]),
        {Count, Last} = count(F, 0, none),
        show(lines, {Modes, Count, Last}),
        ok = file:close(F)
     end || Modes <- [[], [binary], [raw], [raw, binary, read_ahead], [{read_ahead, 100}, raw]]],
    {ok, F} = file:open(File, [read]),
    show(io, [io:get_line(F, ""), io:get_chars(F, "", 5), io:fread(F, "", "~d"), file:read_line(F), io:read(F, "")]),
    ok = file:close(F).

count(F, N, Last) ->
    case file:read_line(F) of
        {ok, Line} -> count(F, N + 1, Line);
        eof -> {N, Last}
    end.

encodings(File) ->
    {ok, W} = file:open(File, [write, {encoding, utf8}]),
    io:format(W, "a ~ts ~p~n", ["üß€", {x, "y"}]),
    io:put_chars(W, [<<"ζ"/utf8>>, 16#1F600]),
    ok = file:close(W),
    show(bytes, file:read_file(File)),
    {ok, U} = file:open(File, [read, {encoding, utf8}]),
    show(utf8, [io:get_line(U, ""), io:get_line(U, ""), io:get_line(U, ""), io:getopts(U)]),
    ok = file:close(U),
    {ok, L} = file:open(File, [read, binary]),
    show(latin1, [io:get_line(L, ""), io:setopts(L, [list]), io:get_chars(L, "", 2)]),
    ok = file:close(L),
    {ok, X} = file:open(File, [write]),
    show(latin1, element(1, element(2, catch io:put_chars(X, [16#20AC])))),
    file:close(X).

positions(File) ->
    {ok, F} = file:open(File, [read, write, raw, binary, read_ahead]),
    ok = file:write(F, "abcdefghij"),
    {ok, 0} = file:position(F, bof),
    show(ahead, [file:read(F, 2), file:position(F, cur), file:write(F, "XX"), file:read(F, 2), file:pwrite(F, 0, "__"), file:pread(F, 0, 10)]),
    show(allocate, [file:allocate(F, 0, 100), filelib:file_size(File), file:allocate(F, -1, 1)]),
    file:close(F).

owners(File) ->
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() ->
        {ok, F} = file:open(File, [write]),
        {ok, R} = file:open(File, [write, raw]),
        ok = file:write(F, "by another"),
        Self ! {F, R}
    end),
    {F, R} = receive {_, _} = Both -> Both end,
    receive {'DOWN', Ref, process, Pid, Why} -> show(down, Why) end,
    show(after_death, [file:write(F, "x"), catch file:write(R, "x"), file:read_file(File)]).

large(File) ->
    Data = binary:copy(<<"0123456789abcdef">>, 100000),
    ok = file:write_file(File, [Data, Data]),
    {ok, Read} = file:read_file(File),
    show(large, {byte_size(Read), erlang:md5(Read) =:= erlang:md5([Data, Data])}),
    {ok, F} = file:open(File, [read, binary, raw]),
    {ok, Part} = file:pread(F, 16, 3000000),
    show(part, {byte_size(Part), binary:part(Part, 0, 5)}),
    file:close(F).

show(What, Result) -> io:format("~p: ~tp~n", [What, Result]).
