%% The part of OTP's init that runs a program: there it comes from the command line, here from
%% `beamrc_program`. The rest of init stays OTP's and asks the process `beamrc_boot` runs in.
%%
%% Functions have the names that OTP's have, and no line numbers, so that stack traces are alike.
-module(init).

-compile(no_line_info).
-beamrc_uses([{crash, 2}]).
-export([do_boot/3, start_em/1, start_it/1, beamrc_crash/1]).

do_boot(Init, _Flags, _Start) ->
    process_flag(trap_exit, true),
    logger ! {boot, self()},
    Init ! {self(), started},
    start_em([beamrc_program]),
    %% No call in tail position: this function stands in stack traces.
    Init ! {self(), done}.

start_em([S | Tail]) ->
    start_it(S),
    start_em(Tail);
start_em([]) ->
    ok.

-if(?OTP_RELEASE >= 26).
start_it(beamrc_program) ->
    try
        beamrc_program:main()
    catch
        error:undef:ST ->
            erlang:raise(error, undef, ST);
        E:R:ST ->
            erlang:display({E, R, ST}),
            erlang:raise(E, R, ST)
    end.

beamrc_crash(Reason) ->
    init:crash("Runtime terminating during boot", [Reason]).
-else.
start_it(beamrc_program) ->
    beamrc_program:main().

beamrc_crash(Reason) ->
    erlang:display({"init terminating in do_boot", Reason}),
    init:crash("init terminating in do_boot", [Reason]).
-endif.
