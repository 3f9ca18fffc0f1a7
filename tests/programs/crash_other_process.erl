%% A crash in another process is reported, and the program goes on.
%% mask: reports
-module(crash_other_process).
-export([main/0]).

main() ->
    {Pid, Ref} = spawn_monitor(fun() -> error(inner) end),
    receive {'DOWN', Ref, process, Pid, {inner, [{M, F, A, _} | _]}} -> io:format("~p ~p ~p~n", [M, F, A]) end,
    timer:sleep(200).
