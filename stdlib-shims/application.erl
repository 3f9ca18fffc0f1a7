%% Environments of applications in programs that ask for nothing else: there is no controller then, and
%% what is loaded are kernel and stdlib.
-module(application).

-export([get_env/2, get_env/3]).

get_env(Application, Key) ->
    case ets:whereis(ac_tab) of
        undefined ->
            given(Application, Key);
        _ ->
            case ets:lookup(ac_tab, {env, Application, Key}) of
                [{_, Value}] -> {ok, Value};
                [] -> undefined
            end
    end.

get_env(Application, Key, Default) ->
    case application:get_env(Application, Key) of
        {ok, Value} -> Value;
        undefined -> Default
    end.

given(Application, Key) when Application =:= kernel; Application =:= stdlib ->
    {_, _, Keys} = lists:keyfind(Application, 2, beamrc_program:applications()),
    case lists:keyfind(env, 1, Keys) of
        {_, Env} ->
            case lists:keyfind(Key, 1, Env) of
                {_, Value} -> {ok, Value};
                false -> undefined
            end;
        false ->
            undefined
    end;
given(_, _) ->
    undefined.
