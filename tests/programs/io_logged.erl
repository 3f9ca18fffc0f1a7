%% What is read and written is logged by devices that are told to: requests with their kind as domain.
%% otp: 26-28
%% stdin: some words\n
-module(io_logged).
-export([main/0, log/2]).

main() ->
    ok = logger:set_primary_config(level, all),
    ok = logger:add_handler(mine, ?MODULE, #{config => self()}),
    ok = logger:remove_handler(default),
    [tried(Device) || Device <- [standard_error, user]].

tried(Device) ->
    show([proplists:get_value(log, io:getopts(Device)), io:setopts(Device, [{log, false}])]),
    ok = io:setopts(Device, [{log, output}]),
    io:put_chars(Device, "hello\n"),
    _ = io:get_line(Device, ""),
    ok = io:setopts(Device, [{log, all}]),
    io:put_chars(Device, <<"world\n">>),
    ok = io:setopts(Device, [{log, none}]),
    io:put_chars(Device, "quiet\n"),
    logger:info("last"),
    show(lists:usort(events())).

events() ->
    receive
        {event, last} -> [];
        {event, Event} -> [Event | events()]
    end.

%% The handler is called where the event is.
log(#{msg := {string, "last"}}, #{config := To}) ->
    To ! {event, last};
log(#{msg := {report, #{request := {io_request, From, _, Request}} = Report}, meta := Meta}, #{config := To}) ->
    #{domain := Domain, report_cb := Callback} = Meta,
    {Format, Arguments} = Callback(Report),
    Text = re:replace(io_lib:format(Format, Arguments), "<[0-9.]*>", "Pid", [global, {return, list}]),
    To ! {event, {Domain, element(1, Request), From =:= To, Text}};
log(_, _) ->
    ok.

show(X) -> io:format("~p~n", [X]).
