%% Standard input, output and error for Erlang's I/O protocol.
%%
%% Requests are answered as OTP's `user` (without a terminal) and `standard_error` answer them;
%% the descriptors are read and written by natives. Both processes run `server/1`.
-module(beamrc_user).

%% What only reports need must not stop a build.
-beamrc_unlikely([log]).
-export([start/0]).

-record(device, {
    name,
    input = none,
    output,
    encoding,
    binary = false,
    echo = false,
    onlcr = false,
    log = none,
    expand_fun = false,
    %% What was read and not asked for yet: a list of characters, or eof.
    buffer = []
}).

-define(READ_BYTES, 65536).

%% The process that is to be every other's group leader.
start() ->
    Encoding = encoding(),
    _ = device(#device{name = standard_error, output = 2, encoding = error_encoding(Encoding)}),
    device(#device{name = user, input = 0, output = 1, encoding = Encoding}).

device(Device) ->
    Pid = spawn(fun() -> server(Device) end),
    true = register(Device#device.name, Pid),
    Pid.

-if(?OTP_RELEASE >= 26).
%% The C library's rule for the character set of the locale.
encoding() ->
    locale(["LC_ALL", "LC_CTYPE", "LANG"]).

error_encoding(Encoding) ->
    Encoding.

locale([Name | Names]) ->
    case os:getenv(Name) of
        Unset when Unset =:= false; Unset =:= [] -> locale(Names);
        Locale -> charset(Locale)
    end;
locale([]) ->
    latin1.

charset([U, T, F, $-, $8 | Rest]) ->
    charset([U, T, F, $8 | Rest]);
charset([U, T, F, $8 | _]) when
    U =:= $u orelse U =:= $U, T =:= $t orelse T =:= $T, F =:= $f orelse F =:= $F
->
    unicode;
charset([_ | Rest]) ->
    charset(Rest);
charset([]) ->
    latin1.
-else.
encoding() ->
    latin1.

error_encoding(_) ->
    latin1.
-endif.

server(Device) ->
    receive
        {io_request, From, _, _} = IoRequest when is_pid(From) ->
            server(serve(IoRequest, Device));
        {'EXIT', _, Reason} ->
            exit(Reason);
        _ ->
            server(Device)
    end.

serve({io_request, From, ReplyAs, Request} = IoRequest, Device) ->
    log(IoRequest, Device),
    {_, Reply, New} = request(Request, Device),
    From ! {io_reply, ReplyAs, Reply},
    New.

%% {ok | error, Reply, Device}
request({put_chars, Encoding, Chars}, Device) ->
    put_chars(Encoding, Chars, put_chars_error(Encoding, Chars), Device);
request({put_chars, Encoding, M, F, As}, Device) ->
    try apply(M, F, As) of
        Chars -> put_chars(Encoding, Chars, apply_error(F), Device)
    catch
        _:_ -> {error, {error, apply_error(F)}, Device}
    end;
request({put_chars, Chars}, Device) ->
    request({put_chars, latin1, Chars}, Device);
request({put_chars, M, F, As}, Device) ->
    request({put_chars, latin1, M, F, As}, Device);
request({get_geometry, What}, #device{output = Fd} = Device) ->
    case {beamrc_native:tty_size(Fd), What} of
        {{Columns, _}, columns} -> {ok, Columns, Device};
        {{_, Rows}, rows} -> {ok, Rows, Device};
        _ -> {error, {error, enotsup}, Device}
    end;
request(getopts, Device) ->
    {ok, options(Device), Device};
request({setopts, Options}, Device) when is_list(Options) ->
    set_options(Options, Device);
request({requests, Requests}, Device) ->
    requests(Requests, {ok, ok, Device});
request(Request, #device{input = none} = Device) ->
    {error, {error, {request, Request}}, Device};
request({get_chars, Encoding, Prompt, N}, Device) ->
    get_chars(Prompt, io_lib, collect_chars, N, Encoding, Device);
request({get_line, Encoding, Prompt}, Device) ->
    get_chars(Prompt, io_lib, collect_line, [], Encoding, Device);
request({get_until, Encoding, Prompt, M, F, As}, Device) ->
    get_chars(Prompt, io_lib, get_until, {M, F, As}, Encoding, Device);
request({get_chars, Prompt, N}, Device) ->
    request({get_chars, latin1, Prompt, N}, Device);
request({get_line, Prompt}, Device) ->
    request({get_line, latin1, Prompt}, Device);
request({get_until, Prompt, M, F, As}, Device) ->
    request({get_until, latin1, Prompt, M, F, As}, Device);
request({get_password, _}, Device) ->
    {error, {error, enotsup}, Device};
request(Request, Device) ->
    {error, {error, unknown(Request)}, Device}.

%% Goes on as long as requests succeed.
requests([Request | Requests], {ok, _, Device}) ->
    requests(Requests, request(Request, Device));
requests(_, Result) ->
    Result.

-if(?OTP_RELEASE >= 26).
log(_, #device{log = none}) -> ok;
log(IoRequest, #device{name = Name, log = Log}) -> group:log_io_request(IoRequest, Log, Name).
unknown(_) -> request.
put_chars_error(Encoding, Chars) -> {put_chars, Encoding, Chars}.
apply_error(F) -> F.
-else.
log(_, _) -> ok.
unknown(Request) -> {request, Request}.
put_chars_error(_, _) -> put_chars.
apply_error(_) -> put_chars.
-endif.

put_chars(From, Chars, Error, #device{output = Fd} = Device) ->
    case encode(Chars, From, Device) of
        Bytes when is_binary(Bytes) ->
            case beamrc_native:write(Fd, Bytes) of
                ok -> {ok, ok, Device};
                {error, Reason} -> {error, {error, Reason}, Device}
            end;
        error ->
            {error, {error, Error}, Device}
    end.

%% The bytes of characters in the device's encoding; those it lacks are written as escapes.
encode(Chars, unicode, #device{encoding = unicode, onlcr = false}) when is_binary(Chars) ->
    case unicode:characters_to_binary(Chars) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ -> error
    end;
encode(Chars, From, #device{encoding = To, onlcr = Onlcr}) ->
    try unicode:characters_to_binary(Chars, From) of
        Utf8 when is_binary(Utf8), To =:= unicode, not Onlcr ->
            Utf8;
        Utf8 when is_binary(Utf8) ->
            escape(Utf8, To, Onlcr, <<>>);
        _ ->
            error
    catch
        error:_ -> error
    end.

escape(<<$\n, Rest/binary>>, To, true, Done) ->
    escape(Rest, To, true, <<Done/binary, $\r, $\n>>);
escape(<<C/utf8, Rest/binary>>, latin1, Onlcr, Done) when C > 255 ->
    Hex = integer_to_binary(C, 16),
    escape(Rest, latin1, Onlcr, <<Done/binary, "\\x{", Hex/binary, $}>>);
escape(<<C/utf8, Rest/binary>>, latin1, Onlcr, Done) ->
    escape(Rest, latin1, Onlcr, <<Done/binary, C>>);
escape(<<C/utf8, Rest/binary>>, To, Onlcr, Done) ->
    escape(Rest, To, Onlcr, <<Done/binary, C/utf8>>);
escape(<<>>, _, _, Done) ->
    Done.

%% Input

get_chars(Prompt, M, F, Extra, Encoding, Device) ->
    case prompt(Prompt, Encoding, Device) of
        {ok, _, _} -> get_loop(M, F, Extra, start, Encoding, Device);
        Error -> Error
    end.

prompt(Prompt, Encoding, Device) ->
    case io_lib:format_prompt(Prompt, Encoding) of
        [] -> {ok, ok, Device};
        Text -> put_chars(unicode, Text, put_chars, Device)
    end.

get_loop(M, F, Extra, State, Encoding, Device0) ->
    Device = fill(Device0),
    Data = cast(Device#device.buffer, Device#device.binary, Encoding),
    try M:F(State, Data, Encoding, Extra) of
        {stop, Result, eof} ->
            %% After the end of a terminal's input there may be more.
            {ok, Result, Device#device{buffer = []}};
        {stop, Result, Rest} ->
            {ok, Result, Device#device{buffer = characters(Rest)}};
        NewState ->
            get_loop(M, F, Extra, NewState, Encoding, Device#device{buffer = []})
    catch
        _:_ -> {error, {error, err_func(M, F, Extra)}, Device#device{buffer = []}}
    end.

%% While there is no input yet, other requests are served, those for input as well.
fill(#device{buffer = [], input = Fd} = Device) ->
    case beamrc_native:select(Fd) of
        ready ->
            case beamrc_native:read(Fd, ?READ_BYTES) of
                {ok, Bytes} -> Device#device{buffer = decode(Fd, Bytes, Device#device.encoding)};
                eof -> Device#device{buffer = eof};
                {error, _} -> Device#device{buffer = eof}
            end;
        wait ->
            receive
                {select, Fd, ready_input} ->
                    fill(Device);
                {io_request, From, _, _} = IoRequest when is_pid(From) ->
                    fill(serve(IoRequest, Device));
                {'EXIT', _, Reason} ->
                    exit(Reason)
            end
    end;
fill(Device) ->
    Device.

%% The characters of what was read. A character that is cut off is read on; bytes that are no
%% UTF-8 count as Latin-1.
decode(_, Bytes, latin1) ->
    binary_to_list(Bytes);
decode(Fd, Bytes, unicode) ->
    case unicode:characters_to_list(Bytes) of
        Chars when is_list(Chars) ->
            Chars;
        {incomplete, Chars, Rest} ->
            case beamrc_native:read(Fd, ?READ_BYTES) of
                {ok, More} -> Chars ++ decode(Fd, <<Rest/binary, More/binary>>, unicode);
                _ -> Chars ++ binary_to_list(Rest)
            end;
        {error, Chars, <<Byte, Rest/binary>>} ->
            Chars ++ [Byte | decode(Fd, Rest, unicode)]
    end.

characters(Rest) when is_binary(Rest) ->
    unicode:characters_to_list(Rest);
characters(Rest) ->
    Rest.

cast(eof, _, _) -> eof;
cast(Chars, true, Encoding) -> unicode:characters_to_binary(Chars, unicode, Encoding);
cast(Chars, false, _) -> Chars.

err_func(io_lib, get_until, {_, F, _}) -> F;
err_func(_, F, _) -> F.

%% Options

-if(?OTP_RELEASE >= 29).
options(#device{input = none} = D) ->
    error_options(D) ++ [{terminal, beamrc_native:is_tty(2)}];
options(D) ->
    [
        {expand_fun, D#device.expand_fun},
        {echo, D#device.echo},
        {line_history, false},
        {log, D#device.log},
        {binary, D#device.binary},
        {encoding, D#device.encoding}
        | terminals()
    ].
-elif(?OTP_RELEASE >= 26).
options(#device{input = none} = D) ->
    error_options(D);
options(D) ->
    [
        {expand_fun, D#device.expand_fun},
        {echo, D#device.echo},
        {binary, D#device.binary},
        {encoding, D#device.encoding},
        {log, D#device.log}
        | terminals()
    ].
-else.
options(#device{input = none} = D) ->
    [{encoding, D#device.encoding}];
options(D) ->
    [{binary, D#device.binary}, {encoding, D#device.encoding}].
-endif.

-if(?OTP_RELEASE >= 26).
error_options(D) ->
    [{encoding, D#device.encoding}, {onlcr, D#device.onlcr}, {log, D#device.log}].

terminals() ->
    Stdout = beamrc_native:is_tty(1),
    [
        {terminal, Stdout},
        {stdout, Stdout},
        {stderr, beamrc_native:is_tty(2)},
        {stdin, beamrc_native:is_tty(0)}
    ].
-endif.

set_options(Options0, Device) ->
    Options = [expand(Option) || Option <- Options0],
    case lists:all(fun(Option) -> valid(Option, Device) end, Options) of
        true ->
            New = lists:foldl(fun set_option/2, Device, Options),
            tell_error_device(Device, New),
            {ok, ok, New};
        false -> {error, {error, enotsup}, Device}
    end.

-if(?OTP_RELEASE >= 26).
%% Both devices have one encoding, as they share a terminal.
tell_error_device(#device{input = 0, encoding = Old}, #device{encoding = New}) when Old =/= New ->
    Request = {setopts, [{encoding, New}]},
    standard_error ! {io_request, self(), make_ref(), Request},
    ok;
tell_error_device(_, _) ->
    ok.
-else.
tell_error_device(_, _) ->
    ok.
-endif.

expand(latin1) -> {encoding, latin1};
expand(unicode) -> {encoding, unicode};
expand(utf8) -> {encoding, unicode};
expand({encoding, utf8}) -> {encoding, unicode};
expand(binary) -> {binary, true};
expand(list) -> {binary, false};
expand({list, Flag}) when is_boolean(Flag) -> {binary, not Flag};
expand(echo) -> {echo, true};
expand(Option) -> Option.

valid({encoding, Encoding}, _) -> Encoding =:= unicode orelse Encoding =:= latin1;
valid({log, Log}, _) -> lists:member(Log, [none, output, input, all]);
valid({onlcr, Flag}, #device{input = none}) -> is_boolean(Flag);
valid(_, #device{input = none}) -> false;
valid({Name, Flag}, _) when Name =:= binary; Name =:= echo; Name =:= line_history -> is_boolean(Flag);
valid({expand_fun, Fun}, _) -> is_function(Fun, 1) orelse is_function(Fun, 2);
valid(_, _) -> false.

set_option({encoding, Encoding}, Device) -> Device#device{encoding = Encoding};
set_option({binary, Flag}, Device) -> Device#device{binary = Flag};
set_option({echo, Flag}, Device) -> Device#device{echo = Flag};
set_option({onlcr, Flag}, Device) -> Device#device{onlcr = Flag};
set_option({log, Log}, Device) -> Device#device{log = Log};
set_option({expand_fun, Fun}, Device) -> Device#device{expand_fun = Fun};
set_option(_, Device) -> Device.
