%% The process `logger`: log events of the runtime and of OTP's `logger` end here and are printed
%% as OTP's default handler prints them, to the process `user`, until `beamrc_logger_server` makes
%% it OTP's server.
-module(beamrc_logger).

%% What only reports need must not stop a build.
-beamrc_unlikely([print]).
-export([start/0, log/1, flush/0]).

start() ->
    Pid = spawn(fun() -> loop(undefined) end),
    true = register(logger, Pid),
    Pid.

%% Returns when every event so far is printed.
flush() ->
    case persistent_term:get(beamrc_logger, undefined) of
        #{flush := Flush} ->
            try
                Flush()
            catch
                _:_ -> ok
            end;
        undefined ->
            ok
    end.

%% An event that passed the primary level. The default handler only takes those of OTP's own
%% domains and those without a domain.
log(#{meta := #{domain := Domain}} = Event) ->
    case lists:member(Domain, [[], [otp], [otp, sasl]]) of
        true -> print_by_server(Event);
        false -> ok
    end;
log(Event) ->
    print_by_server(Event).

print_by_server(#{meta := Meta} = Event) ->
    case {whereis(logger), Meta} of
        {undefined, _} ->
            ok;
        %% Events of other nodes' processes are logged there.
        {_, #{gl := Leader}} when node(Leader) =/= node() ->
            ok;
        {Pid, _} ->
            %% The caller goes on when the event is printed, as with OTP's handler under load.
            Monitor = monitor(process, Pid),
            Pid ! {log_event, self(), Monitor, Event},
            receive
                {Monitor, done} ->
                    demonitor(Monitor, [flush]),
                    ok;
                {'DOWN', Monitor, process, _, _} ->
                    ok
            after 1000 ->
                %% It became OTP's server meanwhile, which does not know such events.
                demonitor(Monitor, [flush]),
                ok
            end
    end.

loop(Boot) ->
    receive
        %% The process that runs the program: when it crashes, OTP halts before that is printed.
        {boot, Pid} ->
            loop(Pid);
        {log_event, From, Monitor, Event} ->
            print(Event),
            From ! {Monitor, done};
        {log, _, _, _, #{pid := Boot}} when is_pid(Boot) ->
            ok;
        %% What the runtime itself sends when a process crashes.
        {log, Level, Format, Args, Meta} ->
            print(#{level => Level, msg => {Format, Args}, meta => Meta});
        {log, Level, Report, Meta} ->
            print(#{level => Level, msg => Report, meta => Meta});
        {become, Become} ->
            Become();
        {'$gen_call', {From, Ref}, _} ->
            From ! {Ref, ok};
        _ ->
            ok
    end,
    loop(Boot).

print(Event) ->
    try logger_formatter:format(Event, #{legacy_header => true, single_line => false}) of
        Text -> io:put_chars(user, unicode:characters_to_list(Text))
    catch
        _:_ -> ok
    end.
