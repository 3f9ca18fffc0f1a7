%% Functions of erlang that OTP's emulator provides and that need nothing but natives.
-module(erlang).

-export([display_string/1, display_string/2]).

-if(?OTP_RELEASE >= 26).
display_string(String) ->
    erlang:display_string(stderr, String).
-else.
display_string(String) ->
    erlang:display_string(stdout, String).
-endif.

display_string(stdin, _) ->
    erlang:error(notsup);
display_string(Device, String) ->
    Fd =
        case Device of
            stdout -> 1;
            stderr -> 2;
            _ -> erlang:error(badarg)
        end,
    case unicode:characters_to_binary(String) of
        Bytes when erlang:is_binary(Bytes) ->
            _ = beamrc_native:write(Fd, Bytes),
            true;
        _ ->
            erlang:error(badarg)
    end.
