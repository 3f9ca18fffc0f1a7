%% What programs can ask for that have no controller of OTP's.
-module(application).

-export([ensure_all_started/1, get_env/2, get_env/3]).

ensure_all_started(Applications) ->
    beamrc_applications:ensure_all_started(Applications).

get_env(Application, Key) ->
    case ets:whereis(ac_tab) of
        undefined ->
            beamrc_applications:get_env(Application, Key);
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
