%% The natives of re that go on in Erlang: with characters instead of bytes, or for all matches.
%%
%% There they are BIFs, whose places in stack traces have no lines.
-module(re).

-compile(no_line_info).
%% Failures stand in stack traces with the function that they leave.
-define(BADARG(Arguments),
    erlang:error(badarg, Arguments, [{error_info, #{module => erl_stdlib_errors}}])
).
-define(BADOPT(Arguments),
    erlang:error(badarg, Arguments, [
        {error_info, #{module => erl_stdlib_errors, cause => badopt}}
    ])
).
-beamrc_uses([{ucompile, 2}, {urun, 3}, {grun, 3}]).
-export([compile/1, compile/2, run/2, run/3]).

compile(Pattern) ->
    case re:beamrc_compile(Pattern, []) of
        badarg -> ?BADARG(([Pattern]));
        Result -> Result
    end.

compile(Pattern, Options) ->
    case re:beamrc_compile(Pattern, Options) of
        badarg -> ?BADARG(([Pattern, Options]));
        badopt -> ?BADOPT(([Pattern, Options]));
        ucompile -> re:ucompile(Pattern, Options);
        Result -> Result
    end.

run(Subject, Pattern) ->
    case re:beamrc_run(Subject, Pattern, []) of
        badarg -> ?BADARG(([Subject, Pattern]));
        urun -> re:urun(Subject, Pattern, []);
        Result -> Result
    end.

run(Subject, Pattern, Options) ->
    case re:beamrc_run(Subject, Pattern, Options) of
        badarg -> ?BADARG(([Subject, Pattern, Options]));
        badopt -> ?BADOPT(([Subject, Pattern, Options]));
        urun -> re:urun(Subject, Pattern, Options);
        {grun, Compiled, Rest} -> re:grun(Subject, Compiled, Rest);
        Result -> Result
    end.
