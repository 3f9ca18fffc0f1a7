%% Files in memory are a driver of OTP's emulator, and there are no drivers.
-module(ram_file).

-export([open/2]).

open(_, _) ->
    {error, enotsup}.
