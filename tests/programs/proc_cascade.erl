%% A hundred thousand linked processes, in a chain and around one, end with the first.
-module(proc_cascade).
-export([main/0, chain/3, leaf/2]).

-define(COUNT, 100000).

main() ->
    process_flag(trap_exit, true),
    io:format("chain ~p~n", [chain()]),
    io:format("star ~p~n", [star()]),
    io:format("left ~p~n", [settle(50)]).

%% Each links to the next; the last one's end reaches the first.
chain() ->
    First = spawn_link(?MODULE, chain, [self(), ?COUNT, whole]),
    Last = receive {last, P} -> P end,
    exit(Last, {tear, "down"}),
    receive {'EXIT', First, Reason} -> Reason end.

chain(Parent, 1, _) ->
    Parent ! {last, self()},
    receive never -> ok end;
chain(Parent, N, Whole) ->
    spawn_link(?MODULE, chain, [Parent, N - 1, Whole]),
    receive never -> ok end.

%% One that all others are linked to; some trap exits and tell.
star() ->
    Parent = self(),
    Centre = spawn_link(fun() ->
        [spawn_link(?MODULE, leaf, [Parent, I]) || I <- lists:seq(1, ?COUNT)],
        Parent ! ready,
        receive never -> ok end
    end),
    receive ready -> ok end,
    [receive {trapping, I} -> ok end || I <- lists:seq(1000, ?COUNT, 1000)],
    exit(Centre, kill),
    Told = [receive {told, I, Reason} -> Reason end || I <- lists:seq(1000, ?COUNT, 1000)],
    receive {'EXIT', Centre, Reason} -> {Reason, lists:usort(Told), length(Told)} end.

leaf(Parent, I) when I rem 1000 =:= 0 ->
    process_flag(trap_exit, true),
    Parent ! {trapping, I},
    receive {'EXIT', _, Reason} -> Parent ! {told, I, Reason} end;
leaf(_, _) ->
    receive never -> ok end.

%% Whether few processes are left after a while.
settle(0) -> many;
settle(Tries) ->
    case erlang:system_info(process_count) < 1000 of
        true -> few;
        false -> receive after 100 -> settle(Tries - 1) end
    end.
