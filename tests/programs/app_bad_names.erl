%% What is no list of names of applications is its caller's mistake, and nobody else's.
%% otp: 26+
-module(app_bad_names).
-export([main/0]).

main() ->
    [show(catch reason(Names)) || Names <- [{stdlib}, 7, [1], "ab", [stdlib | kernel]]],
    show(application:ensure_all_started([kernel, stdlib])),
    show(application:ensure_all_started(nobody)).

reason(Names) ->
    try application:ensure_all_started(Names) catch
        Class:Reason -> {Class, Reason}
    end.

show(X) -> io:format("~p~n", [X]).
