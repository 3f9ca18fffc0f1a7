%% A process that needs more memory than the system has is killed; the program goes on.
%% Under erl a limit for each process stands in for that of the system.
%% otp: 27+
%% memory: 600
%% erl: +hmax 8000000 +hmaxk true +hmaxel false +hmaxib true
%% stress: skip
-module(limit_memory).
-export([main/0]).

main() ->
    erlang:system_flag(system_logger, undefined),
    show(young, end_of(fun() -> grow([]) end)),
    show(stack, end_of(fun() -> deep(1 bsl 50) end)),
    show(tuple, end_of(fun() -> [erlang:make_tuple(16000000, I) || I <- lists:seq(1, 20)] end)),
    show(natives, end_of(fun() -> lists:reverse(lists:seq(1, 60000000)) end)),
    show(term, end_of(fun() -> binary_to_term(nested(19)) end)),
    show(map, end_of(fun() -> maps:from_list([{I, [I]} || I <- lists:seq(1, 20000000)]) end)),
    show(message, end_of(fun() -> doubled([], 26) end)),
    show(dictionary, end_of(fun() -> remember(1) end)),
    show(linked, linked()),
    show(asked, asked()),
    Many = [spawn_monitor(fun() -> grow([]) end) || _ <- lists:seq(1, 4)],
    show(many, lists:usort([receive {'DOWN', R, process, P, Why} -> Why end || {P, R} <- Many])),
    show(alive, lists:sum(lists:seq(1, 1000))).

show(What, How) -> io:format("~p ~p~n", [What, How]).

end_of(F) ->
    {P, R} = spawn_monitor(fun() -> F(), exit(finished) end),
    receive {'DOWN', R, process, P, Why} -> Why end.

grow(L) -> grow([{L} | L]).

deep(0) -> none;
deep(N) -> {N, deep(N - 1)}.

%% A list within a list ... each with the one before twice.
nested(0) -> term_to_binary(lists:seq(1, 100));
nested(N) ->
    <<131, Inner/binary>> = nested(N - 1),
    <<131, $l, 2:32, Inner/binary, Inner/binary, $j>>.

%% Small while it is shared, huge when it is sent.
doubled(T, 0) -> self() ! T, grow([]);
doubled(T, N) -> doubled([T | T], N - 1).

remember(N) -> put(N, {N, N}), remember(N + 1).

%% Those that are linked to it are told.
linked() ->
    process_flag(trap_exit, true),
    P = spawn_link(fun() -> grow([]) end),
    R = receive {'EXIT', P, Why} -> Why end,
    process_flag(trap_exit, false),
    R.

%% It is killed when it is to tell of messages for which there is room only once.
asked() ->
    P = spawn(fun() -> receive never -> ok end end),
    fill(P, 250),
    {Q, R} = spawn_monitor(fun() -> [process_info(P, messages) || _ <- lists:seq(1, 8)] end),
    receive {'DOWN', R, process, Q, _} -> ok end,
    exit(P, kill),
    done.

fill(P, N) -> lists:foreach(fun(_) -> P ! lists:seq(1, 10000) end, lists:seq(1, N)).
