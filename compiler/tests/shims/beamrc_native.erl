%% Stands in for the natives of the runtime: descriptors that are no terminals.
-module(beamrc_native).
-export([write/2, read/2, select/1, is_tty/1, tty_size/1]).

write(Fd, Data) -> file:write(file(Fd), Data).

read(Fd, Max) -> file:read(file(Fd), Max).

select(_) -> ready.

is_tty(_) -> false.

tty_size(_) -> {error, enotsup}.

file(Fd) ->
    case get(Fd) of
        undefined ->
            Modes = [raw, binary, case Fd of 0 -> read; _ -> append end],
            {ok, File} = file:open("/dev/fd/" ++ integer_to_list(Fd), Modes),
            put(Fd, File),
            File;
        File ->
            File
    end.
