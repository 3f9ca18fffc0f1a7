%% A crash in another process is reported, and the program goes on.
%% mask: reports
-module(crash_other_process).
-export([main/0]).

main() ->
    {Pid, Ref} = spawn_monitor(fun() -> error(inner) end),
    receive {'DOWN', Ref, process, Pid, {inner, [{M, F, A, _} | _]}} ->
        %% The report comes from a process of its own: printed last, the line has a fixed place.
        timer:sleep(1000),
        io:format("~p ~p ~p~n", [M, F, A])
    end.
