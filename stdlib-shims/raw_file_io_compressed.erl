%% OTP passes the name of a callback module to where its process is started; the names stand there
%% here, so that the modules are found.
-module(raw_file_io_compressed).

-beamrc_uses([{open_next_layer, 4}]).
-export([start_server_module/4]).

start_server_module(Module, Filename, Modes, Options) ->
    Secret = make_ref(),
    Arguments = {self(), Secret, Options},
    Started =
        case Module of
            raw_file_io_deflate -> gen_statem:start(raw_file_io_deflate, Arguments, []);
            raw_file_io_inflate -> gen_statem:start(raw_file_io_inflate, Arguments, [])
        end,
    case Started of
        {ok, Pid} -> raw_file_io_compressed:open_next_layer(Pid, Secret, Filename, Modes);
        Other -> Other
    end.
