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
-if(?OTP_RELEASE >= 28).
-export([import/1]).
-endif.

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
        {ok, Compiled} -> {ok, exported(Compiled, Pattern, Options)};
        Result -> Result
    end.

-if(?OTP_RELEASE >= 28).
%% What an exported expression holds besides its text and options is no emulator's but this one's;
%% as with OTP's, what another made is compiled anew.
exported({re_pattern, _, _, _, Code} = Compiled, Pattern, Options) ->
    case lists:member(export, Options) of
        true -> {re_exported_pattern, <<"re-beamrc">>, iolist_to_binary(Pattern), Options, Code};
        false -> Compiled
    end.

import({re_exported_pattern, Head, Pattern, Options, Code} = Exported) when
    erlang:is_binary(Head), erlang:is_binary(Pattern), erlang:is_binary(Code)
->
    case re:beamrc_compile(Pattern, lists:delete(export, Options)) of
        {ok, Compiled} -> Compiled;
        _ -> ?BADARG(([Exported]))
    end;
import(Exported) ->
    ?BADARG(([Exported])).
-else.
exported(Compiled, _, _) -> Compiled.
-endif.

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
