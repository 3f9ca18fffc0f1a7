%% The native of zlib that has more arguments than natives have here.
%%
%% There it is one, whose place in stack traces has no line.
-module(zlib).

-compile(no_line_info).
-export([deflateInit_nif/6]).

deflateInit_nif(Z, Level, Method, WindowBits, MemLevel, Strategy) ->
    case zlib:beamrc_deflate_init(Z, {Level, Method, WindowBits, MemLevel, Strategy}) of
        {error, Reason} -> erlang:error(Reason, [Z, Level, Method, WindowBits, MemLevel, Strategy]);
        Result -> Result
    end.
