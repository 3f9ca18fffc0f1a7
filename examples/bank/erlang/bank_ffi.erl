%% What the actor module needs of the virtual machine and Gleam cannot write.
-module(bank_ffi).
-export([receive_tagged/1, receive_down/1, call/3]).

%% The next message that was sent with this tag, however long it takes.
receive_tagged(Tag) ->
    receive
        {Tag, Message} -> Message
    end.

%% How the monitored process ended, printed as a term.
receive_down(Monitor) ->
    receive
        {'DOWN', Monitor, process, _, Reason} ->
            unicode:characters_to_binary(io_lib:format("~0tp", [Reason]))
    end.

%% Sends what Request makes of a fresh reply address and waits for the answer.
%% The monitor is the reply tag, so a server that dies ends the wait as well.
call({subject, Pid, _} = Subject, Request, Timeout) ->
    Monitor = erlang:monitor(process, Pid),
    'bank@actor':send(Subject, Request({subject, self(), Monitor})),
    receive
        {Monitor, Reply} ->
            erlang:demonitor(Monitor, [flush]),
            {ok, Reply};
        {'DOWN', Monitor, process, _, _} ->
            {error, gone}
    after Timeout ->
        erlang:demonitor(Monitor, [flush]),
        {error, late}
    end.
