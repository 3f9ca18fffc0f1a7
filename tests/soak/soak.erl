%% Processes that spawn, link, monitor, kill, send, set timers and collect at random, for as many seconds
%% as the first argument says. Ends with an error where something is lost or left.
-module(soak).
-export([main/0, actor/2]).

-define(ACTORS, 300).

main() ->
    [Argument] = init:get_plain_arguments(),
    process_flag(trap_exit, true),
    Before = length(processes()),
    End = erlang:monotonic_time(second) + list_to_integer(Argument),
    Rounds = rounds(End, 0),
    ok = settle(Before, 100),
    io:format("~b rounds, ~b processes left~n", [Rounds, length(processes()) - Before]).

%% A round lasts a second: its actors know each other, and the last thing each does is to answer.
rounds(End, Count) ->
    case erlang:monotonic_time(second) < End of
        true ->
            one_round(Count),
            rounds(End, Count + 1);
        false ->
            Count
    end.

one_round(Seed) ->
    Actors = [spawn_monitor(?MODULE, actor, [Seed, I]) || I <- lists:seq(1, ?ACTORS)],
    Peers = list_to_tuple([P || {P, _} <- Actors]),
    [P ! {peers, Peers} || {P, _} <- Actors],
    receive after 1000 -> ok end,
    [P ! {finish, self(), R} || {P, R} <- Actors],
    Ends = [finished(P, R) || {P, R} <- Actors],
    [exit(P, kill) || {P, _} <- Actors],
    [receive {'DOWN', R, process, P, _} -> ok after 60000 -> error({no_down, P}) end
     || {{P, R}, alive} <- lists:zip(Actors, Ends)],
    flush().

%% Each actor either answers or has gone, never neither.
finished(P, R) ->
    receive
        {R, in_order} -> alive;
        {R, Wrong} -> error(Wrong);
        {'DOWN', R, process, P, _} -> gone
    after 60000 ->
        error({lost, P, process_info(P)})
    end.

flush() ->
    receive _ -> flush() after 0 -> ok end.

settle(_, 0) -> error({left, length(processes())});
settle(Before, Tries) ->
    case length(processes()) =< Before of
        true -> ok;
        false -> receive after 100 -> settle(Before, Tries - 1) end
    end.

actor(Seed, I) ->
    rand:seed(exsss, {Seed, I, 42}),
    process_flag(trap_exit, I rem 3 =:= 0),
    receive {peers, Peers} -> loop(Peers, #{}, 0) end.

%% Seen holds the last number from each sender: signals of one sender keep their order.
loop(Peers, Seen, N) ->
    Peer = element(rand:uniform(tuple_size(Peers)), Peers),
    act(rand:uniform(100), Peer, N),
    take(Peers, Seen, N + 1, 0).

take(Peers, Seen, N, Wait) ->
    receive
        {finish, From, R} ->
            From ! {R, in_order},
            receive never -> ok end;
        {number, Sender, Number, _} ->
            case Seen of
                #{Sender := Last} when Last >= Number -> exit({out_of_order, Sender});
                _ -> take(Peers, Seen#{Sender => Number}, N, Wait)
            end;
        _ ->
            take(Peers, Seen, N, Wait)
    after Wait ->
        loop(Peers, Seen, N)
    end.

act(X, Peer, N) when X =< 40 -> Peer ! {number, self(), N, lists:seq(1, X)};
act(X, Peer, N) when X =< 50 -> Peer ! {number, self(), N, binary:copy(<<X>>, 10000)};
act(X, Peer, _) when X =< 55 -> try link(Peer) catch error:noproc -> ok end;
act(X, Peer, _) when X =< 62 -> unlink(Peer);
act(X, Peer, _) when X =< 68 -> demonitor(monitor(process, Peer), [flush || X rem 2 =:= 0]);
act(X, _, N) when X =< 76 ->
    {P, R} = spawn_monitor(fun() -> helper(N) end),
    _ = X rem 2 =:= 0 andalso exit(P, kill),
    receive {'DOWN', R, process, P, _} -> ok end;
act(X, _, N) when X =< 82 -> spawn_link(fun() -> helper(N) end);
act(X, Peer, _) when X =< 86 -> erlang:send_after(X rem 5, Peer, {timer, X});
act(X, Peer, _) when X =< 90 -> _ = erlang:cancel_timer(erlang:send_after(1000, Peer, {timer, X}));
act(X, _, _) when X =< 93 -> erlang:garbage_collect();
act(94, Peer, _) -> _ = is_process_alive(Peer) andalso process_info(Peer, message_queue_len);
act(95, _, _) -> receive after rand:uniform(3) -> ok end;
act(96, Peer, _) -> _ = rand:uniform(300) =:= 1 andalso exit(Peer, kill);
act(97, Peer, _) -> _ = rand:uniform(300) =:= 1 andalso exit(Peer, {shutdown, make_ref()});
act(98, _, N) -> put(N rem 10, lists:duplicate(100, N));
act(_, _, N) -> _ = term_to_binary(lists:seq(1, N rem 5000)).

helper(N) ->
    _ = lists:sum([I * N || I <- lists:seq(1, N rem 300)]),
    normal.
