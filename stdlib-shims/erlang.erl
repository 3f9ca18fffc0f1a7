%% Functions of erlang that OTP's emulator provides and that need nothing but natives.
-module(erlang).

-export([display_string/1, display_string/2]).
-export([dt_get_tag/0, dt_get_tag_data/0, dt_put_tag/1, dt_spread_tag/1, dt_restore_tag/1]).
-export([dt_prepend_vm_tag_data/1, dt_append_vm_tag_data/1]).

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

%% Tags for dynamic tracing, which there is none of: what an emulator without it returns.
dt_get_tag() -> undefined.
dt_get_tag_data() -> undefined.
dt_put_tag(_) -> undefined.
dt_spread_tag(_) -> true.
dt_restore_tag(_) -> true.
dt_prepend_vm_tag_data(IoData) -> IoData.
dt_append_vm_tag_data(IoData) -> IoData.
