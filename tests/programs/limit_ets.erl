%% A process that runs out of memory while it uses a table, a stream or a timer ends alone: locks are
%% free afterwards, and tables hold what they are known to hold.
%% Under erl a limit for each process stands in for that of the system.
%% otp: 27-28
%% memory: 300
%% erl: +hmax 8000000 +hmaxk true +hmaxel false +hmaxib true
%% stress: skip
-module(limit_ets).
-export([main/0]).

main() ->
    erlang:system_flag(system_logger, undefined),
    [in_table(Kind) || Kind <- [[set], [set, {write_concurrency, true}, {read_concurrency, true}],
                                [ordered_set], [ordered_set, {write_concurrency, true}], [duplicate_bag]]],
    show(stream, ended(fun stream/0)),
    show(timer, ended(fun timer/0)),
    show(alive, lists:sum(lists:seq(1, 1000))).

in_table([Sort | _] = Kind) ->
    T = ets:new(t, [public | Kind]),
    ets:insert(T, {few, 0, 0}),
    ets:insert(T, big()),
    All = [{insert, fun() -> ets:insert(T, [{I, lists:seq(1, 40000), 0} || I <- lists:seq(1, 20)]), forget(T) end},
           {take, fun() -> taken(T, ets:take(T, big)) end},
           {replace, fun() -> ets:select_replace(T, [{{'$1', '$2', '_'}, [], [{{'$1', '$2', [0]}}]}]) end}],
    OfOne = [{update, fun() -> ets:update_element(T, big, {3, lists:seq(1, 200000)}) end},
             {default, fun() -> taken(T, ets:update_element(T, new, {3, 0}, setelement(1, big(), new))) end}],
    Reads = [{lookup, fun() -> ets:lookup(T, big) end},
             {element, fun() -> ets:lookup_element(T, big, 2) end}],
    Ops = Reads ++ case Sort of
        set -> tl(All) ++ OfOne;
        _ -> All
    end,
    [show({Sort, length(Kind), Name}, {ended(fun() -> fill(Op) end), end_of(fun() -> exit(held(T)) end)}) || {Name, Op} <- Ops],
    ets:delete(T).

big() -> {big, lists:seq(1, 200000), 0}.

%% What was taken is put back. There is no saying where it ended.
taken(T, [Big]) -> ets:insert(T, Big);
taken(T, _) -> ets:delete(T, new).

forget(T) -> [ets:delete(T, K) || K <- [new | lists:seq(1, 20)]].

%% Whether everything can be done with the table, and its size is that of what is in it.
held(T) ->
    Size = length(ets:tab2list(T)),
    SaidSize = ets:info(T, size),
    ets:delete(T, big),
    ets:insert(T, big()),
    Found = [is_list(L) || {big, L, _} <- ets:take(T, big)],
    forget(T),
    ets:insert(T, big()),
    {Size =:= SaidSize orelse {Size, SaidSize}, Found, ets:info(T, size), ets:info(T, safe_fixed)}.

%% Takes what memory there is, in ever smaller pieces, so that it is the operation that finds too little.
fill(Op) ->
    Kept = [pieces(Size, []) || Size <- [1 bsl 22, 1 bsl 20, 1 bsl 18]],
    [Op() || _ <- lists:seq(1, 4)],
    exit({finished, length(Kept)}).

pieces(_, Kept) when length(Kept) > 90 -> Kept;
pieces(Size, Kept) ->
    try binary:copy(<<0>>, Size) of
        Piece -> pieces(Size, [Piece | Kept])
    catch error:system_limit -> Kept end.

stream() ->
    Data = binary:copy(<<"abcdefgh">>, 1 bsl 18),
    Open = fun() ->
        Z = zlib:open(),
        ok = zlib:deflateInit(Z, none),
        put(Z, zlib:deflate(Z, Data, full))
    end,
    fill(Open).

timer() ->
    Data = lists:seq(1, 200000),
    fill(fun() -> erlang:send_after(100000, self(), Data) end).

%% Killed; or it found what others had only just given back.
ended(F) ->
    case end_of(F) of
        killed -> true;
        {finished, _} -> true;
        Other -> Other
    end.

end_of(F) ->
    {P, R} = spawn_monitor(F),
    Reason = receive {'DOWN', R, process, P, Why} -> Why end,
    %% What it had is given back a little later.
    receive after 30 -> Reason end.

show(What, How) -> io:format("~0p ~0p~n", [What, How]).
