%% Links: symmetric, idempotent, removed from both sides; what arrives at whom with which reason.
-module(proc_links).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    reasons(),
    killing(),
    untrapped(),
    unlinking(),
    dead(),
    normal_to_self(),
    symmetric(),
    io:format("done~n").

show(What) -> io:format("~p~n", [What]).

flush() ->
    receive M -> [M | flush()] after 20 -> [] end.

mask(Pid, Ms) -> [mask1(Pid, M) || M <- Ms].
mask1(Pid, {'EXIT', Pid, R}) -> {'EXIT', child, R};
mask1(_, {'EXIT', P, R}) when P =:= self() -> {'EXIT', self, R};
mask1(_, M) -> M.

reasons() ->
    [begin
         P = spawn_link(fun() -> exit(R) end),
         show({exited, mask(P, flush())})
     end || R <- [normal, shutdown, kill, {a, [b, <<"c">>], 1.5, 1 bsl 80}, "text"]],
    P = spawn_link(fun() -> ok end),
    show({returned, mask(P, flush())}),
    Q = spawn_link(fun() -> catch throw(ball), exit(caught) end),
    show({thrown, mask(Q, flush())}).

killing() ->
    P = spawn_link(fun() -> receive never -> ok end end),
    exit(P, kill),
    show({killed, mask(P, flush())}),
    Q = spawn_link(fun() -> process_flag(trap_exit, true), receive stop -> ok end end),
    timer:sleep(10),
    exit(Q, kill),
    show({killed_while_trapping, mask(Q, flush())}),
    %% `kill' over a link can be trapped and is not turned into `killed'.
    S = self(),
    R = spawn(fun() ->
                  process_flag(trap_exit, true),
                  S ! ready,
                  receive {'EXIT', _, W} -> S ! {got, W} end
              end),
    receive ready -> ok end,
    spawn(fun() -> link(R), exit(kill) end),
    show(flush()).

untrapped() ->
    S = self(),
    %% A chain: the last one's reason reaches the first.
    Chain = fun Chain(0) -> receive go -> exit(broken) end;
                Chain(N) -> P = spawn_link(fun() -> Chain(N - 1) end),
                            N =:= 1 andalso (S ! {last, P}),
                            receive never -> ok end
            end,
    {First, Ref} = spawn_monitor(fun() -> Chain(5) end),
    receive {last, Last} -> Last ! go end,
    receive {'DOWN', Ref, process, First, Why} -> show({chain, Why}) end,
    %% normal exits do not spread.
    Keeper = spawn(fun() -> spawn_link(fun() -> ok end), receive {ask, F} -> F ! alive end end),
    timer:sleep(10),
    Keeper ! {ask, self()},
    show(flush()).

unlinking() ->
    P = spawn_link(fun() -> receive stop -> exit(oops) end end),
    true = unlink(P),
    true = unlink(P),
    P ! stop,
    show({unlinked, flush()}),
    Q = spawn(fun() -> receive stop -> exit(oops) end end),
    true = link(Q),
    true = link(Q),
    true = unlink(Q),
    true = link(Q),
    Q ! stop,
    show({relinked, mask(Q, flush())}),
    %% Linked twice is linked once.
    show({links, length(element(2, process_info(self(), links)))}).

dead() ->
    P = spawn(fun() -> ok end),
    timer:sleep(10),
    show({link_dead, catch link(P)}),
    show(mask(P, flush())),
    process_flag(trap_exit, false),
    show({link_dead_untrapped, (catch link(P)) =/= true}),
    show(try link(P) catch C:R -> {C, R} end),
    process_flag(trap_exit, true),
    show({exit_dead, exit(P, x)}),
    show({unlink_dead, unlink(P)}),
    show({link_self, link(self())}),
    [show(catch_badarg(F)) || F <- [fun() -> link(foo) end, fun() -> unlink(1) end,
                                    fun() -> exit(foo, bar) end, fun() -> link(make_ref()) end]].

catch_badarg(F) ->
    try F() catch error:E -> E end.

normal_to_self() ->
    S = self(),
    {P, Ref} = spawn_monitor(fun() -> exit(self(), normal), S ! survived end),
    receive {'DOWN', Ref, process, P, R} -> show({self_normal, R}) end,
    show(flush()),
    exit(self(), normal),
    show(mask(none, flush())),
    exit(self(), {some, reason}),
    show(mask(none, flush())),
    {P2, Ref2} = spawn_monitor(fun() -> receive X -> S ! X end end),
    exit(P2, normal),
    P2 ! hello,
    receive {'DOWN', Ref2, process, P2, R2} -> show({other_normal, R2}) end,
    show(flush()),
    {P3, Ref3} = spawn_monitor(fun() -> exit(self(), kill), S ! survived end),
    receive {'DOWN', Ref3, process, P3, R3} -> show({self_kill, R3}) end,
    show(flush()).

symmetric() ->
    S = self(),
    P = spawn(fun() -> receive go -> ok end, link(S), S ! linked, receive never -> ok end end),
    P ! go,
    receive linked -> ok end,
    show({mutual, element(2, process_info(self(), links)) =:= [P],
          element(2, process_info(P, links)) =:= [S]}),
    unlink(P),
    show({mutual, element(2, process_info(self(), links)), element(2, process_info(P, links))}),
    exit(P, kill),
    show(flush()).
