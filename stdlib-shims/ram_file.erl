%% A file in memory is a process in place of a port, as the driver is one of OTP's emulator.
%%
%% It understands the driver's commands, and ends when its owner does or when it is closed.
-module(ram_file).

-export([ll_open/3, call_port/2, ll_close/1]).

-record(file, {owner, is_binary, can_read, can_write, data, position = 0}).

ll_open(Data, Modes, Options) ->
    Owner = self(),
    try erlang:iolist_to_binary(Data) of
        Bytes ->
            File = #file{
                is_binary = proplists:get_bool(binary, Options),
                can_read = Modes band 1 =/= 0,
                can_write = Modes band 2 =/= 0,
                data = Bytes
            },
            {ok, spawn(fun() -> loop(File#file{owner = monitor(process, Owner)}) end)}
    catch
        error:Reason -> {error, Reason}
    end.

ll_close(Process) ->
    _ = call_port(Process, <<>>),
    ok.

call_port(Process, Command) when is_binary(Command) ->
    Alias = monitor(process, Process, [{alias, reply_demonitor}]),
    Process ! {command, Alias, Command},
    receive
        {Alias, Reply} -> Reply;
        {'DOWN', Alias, _, _, _} -> {error, einval}
    end;
call_port(Process, Command) ->
    try erlang:iolist_to_binary(Command) of
        Bytes -> call_port(Process, Bytes)
    catch
        error:Reason -> {error, Reason}
    end.

loop(#file{owner = Owner} = File) ->
    receive
        {command, From, <<>>} ->
            From ! {From, ok};
        {command, From, Command} ->
            {Reply, Next} = command(Command, File),
            From ! {From, Reply},
            loop(Next);
        {'DOWN', Owner, _, _, _} ->
            ok
    end.

command(<<2, Size:32/signed>>, #file{position = Position} = File) ->
    case read(Position, Size, File) of
        {ok, {Read, _}} = Reply -> {Reply, File#file{position = Position + Read}};
        Error -> {Error, File}
    end;
command(<<17, At:32/signed, Size:32/signed>>, File) ->
    {read(At, Size, File), File};
command(<<4, Bytes/binary>>, #file{position = Position} = File) ->
    case write(Position, Bytes, File) of
        {{ok, Size}, Next} -> {{ok, Size}, Next#file{position = Position + Size}};
        Error -> Error
    end;
command(<<18, At:32/signed, Bytes/binary>>, File) ->
    write(At, Bytes, File);
command(<<3, Offset:32/signed, From:32>>, #file{data = Data, position = Position} = File) ->
    case Offset + element(From + 1, {0, Position, byte_size(Data)}) of
        To when To >= 0 -> {{ok, To}, File#file{position = To}};
        _ -> {{error, einval}, File}
    end;
command(<<14>>, #file{can_write = false} = File) ->
    {{error, eacces}, File};
command(<<14>>, #file{position = Position} = File) ->
    {Before, _} = split(Position, File),
    {ok, File#file{data = Before}};
command(<<30>>, #file{data = Data} = File) ->
    {{ok, {byte_size(Data), in_form(Data, File)}}, File};
command(<<37>>, #file{data = Data} = File) ->
    {{ok, byte_size(Data)}, File};
%% There is nothing to be synchronised, advised of or allocated.
command(<<Nothing, _/binary>>, File) when Nothing =:= 9; Nothing =:= 19; Nothing =:= 38; Nothing =:= 39 ->
    {ok, File}.

read(_, _, #file{can_read = false}) ->
    {error, ebadf};
read(At, Size, _) when At < 0; Size < 0 ->
    {error, einval};
read(At, Size, #file{data = Data} = File) ->
    Read = max(0, min(Size, byte_size(Data) - At)),
    Bytes = if Read =:= 0 -> <<>>; true -> binary:part(Data, At, Read) end,
    {ok, {Read, in_form(Bytes, File)}}.

in_form(Bytes, #file{is_binary = true}) -> binary:copy(Bytes);
in_form(Bytes, _) -> binary_to_list(Bytes).

write(_, _, #file{can_write = false} = File) ->
    {{error, ebadf}, File};
write(At, _, File) when At < 0 ->
    {{error, einval}, File};
%% A binary that only grows is not copied each time.
write(At, Bytes, #file{data = Data} = File) when At =:= byte_size(Data) ->
    {{ok, byte_size(Bytes)}, File#file{data = <<Data/binary, Bytes/binary>>}};
write(At, Bytes, File) ->
    {Before, Behind} = split(At, File),
    Size = byte_size(Bytes),
    Rest =
        case Behind of
            <<_:Size/binary, After/binary>> -> After;
            _ -> <<>>
        end,
    {{ok, Size}, File#file{data = <<Before/binary, Bytes/binary, Rest/binary>>}}.

%% What is before a place, filled up to it, and what is behind it.
split(At, #file{data = Data}) ->
    case Data of
        <<Before:At/binary, Behind/binary>> -> {Before, Behind};
        _ -> {<<Data/binary, 0:(At - byte_size(Data))/unit:8>>, <<>>}
    end.
