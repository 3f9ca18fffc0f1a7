%% suite_output: the group leader of the cases. It swallows what they print, has nothing to read, and
%% serves ct:capture_start/0 and its kin.
-module(suite_output).
-export([start/0, capture/1]).

start() -> spawn(fun() -> loop(none) end).

%% From now on what is printed goes to Process (`none`: nowhere), as `{captured, Text}`.
capture(Process) ->
    group_leader() ! {capture, self(), Process},
    receive
        {capture, done} -> ok
    after 1000 -> ok
    end.

loop(Capture) ->
    receive
        {io_request, From, As, Request} ->
            {Reply, Text} = request(Request),
            is_pid(Capture) andalso Text =/= [] andalso (Capture ! {captured, Text}),
            From ! {io_reply, As, Reply},
            loop(Capture);
        {capture, From, Process} ->
            From ! {capture, done},
            loop(Process);
        _ ->
            loop(Capture)
    end.

request({put_chars, Encoding, Characters}) ->
    case unicode:characters_to_list(Characters, Encoding) of
        Text when is_list(Text) -> {ok, Text};
        _ -> {{error, put_chars}, []}
    end;
request({put_chars, Encoding, Module, Function, Arguments}) ->
    try
        request({put_chars, Encoding, apply(Module, Function, Arguments)})
    catch
        _:_ -> {{error, Function}, []}
    end;
request({put_chars, Characters}) ->
    request({put_chars, latin1, Characters});
request({requests, Requests}) ->
    lists:foldl(
        fun
            (Request, {ok, Text}) ->
                {Reply, More} = request(Request),
                {Reply, Text ++ More};
            (_, Failed) ->
                Failed
        end,
        {ok, []},
        Requests
    );
request(getopts) ->
    {[{binary, false}, {encoding, unicode}], []};
request({setopts, _}) ->
    {ok, []};
request({get_geometry, _}) ->
    {{error, enotsup}, []};
request(Request) when element(1, Request) =:= get_line; element(1, Request) =:= get_chars; element(1, Request) =:= get_until ->
    {eof, []};
request(_) ->
    {{error, request}, []}.
