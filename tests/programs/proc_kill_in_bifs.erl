%% Processes that are killed while they are inside of long BIFs leave nothing behind.
-module(proc_kill_in_bifs).
-export([main/0]).

main() ->
    Pairs = [{I, [I, {I, <<I:64>>}]} || I <- lists:seq(1, 20000)],
    Binary = binary:copy(<<"so many words, again and again; ">>, 5000),
    Bifs = [fun() -> term_to_binary(Pairs, [compressed]) end,
            fun() -> binary_to_term(term_to_binary(Pairs)) end,
            fun() -> maps:from_list(Pairs) end,
            fun() -> Pairs -- lists:reverse(Pairs) end,
            fun() -> erlang:phash2(Pairs) end,
            fun() -> binary:split(Binary, [<<";">>, <<",">>], [global]) end,
            fun() -> re:run(Binary, "a[a-z]*n", [global, {capture, all, list}]) end,
            fun() -> unicode:characters_to_list(Binary) end,
            fun() -> iolist_to_binary([[P | <<"a">>] || {P, _} <- Pairs, P < 256]) end,
            fun() -> (1 bsl 200000) * (1 bsl 150000 + 1) div (1 bsl 90000 + 7) end,
            fun() -> list_to_integer(integer_to_list(1 bsl 20000)) end],
    rounds(Bifs, 5),
    Before = used(),
    rounds(Bifs, 40),
    After = used(),
    case After - Before < 64 bsl 20 of
        true -> io:format("nothing is left~n");
        false -> io:format("~p bytes, then ~p~n", [Before, After])
    end.

rounds(Bifs, Count) ->
    [killed(Bif, Round rem 8) || Round <- lists:seq(1, Count), Bif <- Bifs].

killed(Bif, Milliseconds) ->
    Me = self(),
    {P, R} = spawn_monitor(fun() -> Me ! started, repeat(Bif) end),
    receive started -> ok end,
    receive after Milliseconds -> ok end,
    exit(P, kill),
    receive {'DOWN', R, process, P, killed} -> ok end.

repeat(Bif) -> Bif(), repeat(Bif).

%% Memory that has been freed is kept a while: that is tens of megabytes, what all rounds need hundreds.
used() ->
    garbage_collect(),
    lists:min([begin receive after 300 -> ok end, erlang:memory(total) end || _ <- lists:seq(1, 8)]).
