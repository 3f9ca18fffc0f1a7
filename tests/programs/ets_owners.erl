%% Owners of tables: protection, giving away, heirs, names, tables of processes that exit, fixations of them.
-module(ets_owners).
-export([main/0]).

main() ->
    names(),
    protection(),
    gifts(),
    heirs(),
    exits(),
    names_of_exited(200),
    infos().

names() ->
    T = ets:new(first_name, [named_table]),
    show([T, ets:whereis(nothing), is_reference(ets:whereis(T)), ets:info(ets:whereis(T), name), ets:info(T, id) =:= ets:whereis(T)]),
    ets:insert(T, {a, 1}),
    show([ets:lookup(ets:whereis(T), a), ets:rename(T, second_name), ets:lookup(second_name, a), ets:whereis(first_name)]),
    U = ets:new(unnamed, []),
    show([ets:rename(U, other) =:= U, ets:info(U, name), ets:whereis(other), lists:member(U, ets:all()), lists:member(second_name, ets:all())]),
    show([try F() catch C:R -> {C, R} end || F <- [
        fun() -> ets:rename(nothing, x) end, fun() -> ets:rename(U, "x") end, fun() -> ets:new(third, [named_table]), ets:rename(third, second_name) end,
        fun() -> ets:whereis("x") end, fun() -> ets:new(second_name, [named_table]) end
    ]]),
    [ets:delete(X) || X <- [second_name, third, U]],
    show([ets:whereis(second_name), ets:info(second_name), ets:info(U), ets:info(U, size)]).

protection() ->
    [begin
        T = ets:new(t, [Protection]),
        ets:insert(T, {k, v}),
        show([Protection | elsewhere(fun() -> [try F() catch C:R:S -> {C, R, info(S)} end || F <- [
            fun() -> ets:lookup(T, k) end, fun() -> ets:insert(T, {k, w}) end, fun() -> ets:delete(T, k) end, fun() -> ets:tab2list(T) end, fun() -> ets:info(T, size) end,
            fun() -> ets:info(T, protection) end, fun() -> ets:safe_fixtable(T, true) end, fun() -> ets:setopts(T, {protection, public}) end, fun() -> ets:delete(T) end
        ]] end)])
     end || Protection <- [public, protected, private]],
    T = ets:new(t, [private]),
    show([ets:setopts(T, {protection, public}), ets:info(T, protection), ets:setopts(T, [{protection, protected}, {heir, none}]), ets:info(T, protection)]),
    show([try ets:setopts(T, O) catch C:R -> {C, R} end || O <- [x, [x], {protection, x}, [{protection, public}, {protection, private}], {heir, x, y}, [], {heir, self(), data}]]),
    show(ets:info(T, heir) =:= self()).

elsewhere(F) ->
    Me = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Me ! {self(), F()} end),
    receive {Pid, Result} -> receive {'DOWN', Ref, _, _, _} -> Result end end.

gifts() ->
    Me = self(),
    Receiver = spawn(fun() -> receiver(Me) end),
    T = ets:new(gift, []),
    N = ets:new(named_gift, [named_table]),
    ets:insert(T, {in, it}),
    show([ets:give_away(T, Receiver, {some, "data"}), ets:give_away(N, Receiver, x)]),
    receive {Receiver, {'ETS-TRANSFER', T, Me, Data}, In} -> show([Data, In]) end,
    receive {Receiver, Message, _} -> show(setelement(3, Message, from)) end,
    show([ets:info(T, owner) =:= Receiver, try ets:insert(T, {no, more}) catch error:badarg -> not_mine end]),
    show([try F() catch C:R:S -> {C, R, info(S)} end || F <- [
        fun() -> ets:give_away(T, Receiver, x) end, fun() -> U = ets:new(u, []), ets:give_away(U, self(), x) end, fun() -> U = ets:new(u, []), ets:give_away(U, x, x) end,
        fun() -> U = ets:new(u, []), ets:give_away(U, elsewhere(fun() -> self() end), x) end, fun() -> ets:give_away(nothing, Receiver, x) end,
        fun() -> U = ets:new(u, [public]), elsewhere(fun() -> try ets:give_away(U, Receiver, x) catch C:R:S -> {C, R, info(S)} end end) end
    ]]),
    stop(Receiver),
    show([ets:info(T), ets:info(N)]).

receiver(Me) ->
    receive
        {'ETS-TRANSFER', T, _, _} = Message -> Me ! {self(), Message, ets:tab2list(T)}, receiver(Me);
        stop -> ok
    end.

stop(Pid) ->
    Ref = monitor(process, Pid),
    Pid ! stop,
    receive {'DOWN', Ref, _, _, _} -> ok end.

heirs() ->
    Me = self(),
    {T, Old} = elsewhere(fun() ->
        T = ets:new(heirloom, [{heir, Me, {data, [1, 2]}}]),
        ets:insert(T, {kept, 1}),
        {T, self()}
    end),
    receive {'ETS-TRANSFER', T, Old, Data} -> show([Data, ets:tab2list(T), ets:info(T, owner) =:= self(), ets:info(T, heir) =:= self()]) end,
    N = elsewhere(fun() -> ets:new(named_heirloom, [named_table, {heir, Me, x}]) end),
    receive {'ETS-TRANSFER', N, _, x} -> show(N) end,
    Dead = elsewhere(fun() -> self() end),
    U = elsewhere(fun() -> ets:new(u, [{heir, Dead, x}]) end),
    show(ets:info(U)),
    V = elsewhere(fun() -> V = ets:new(v, [{heir, Me, x}]), ets:setopts(V, {heir, none}), V end),
    show(ets:info(V)),
    Chain = spawn(fun() -> receiver(Me) end),
    W = elsewhere(fun() -> ets:new(w, [{heir, Chain, to_chain}]) end),
    receive {Chain, {'ETS-TRANSFER', W, _, to_chain}, []} -> ok end,
    stop(Chain),
    show(ets:info(W)).

exits() ->
    T = ets:new(t, [public]),
    ets:insert(T, [{I} || I <- lists:seq(1, 100)]),
    U = elsewhere(fun() -> ets:safe_fixtable(T, true), ets:safe_fixtable(T, true), ets:new(u, [named_table]) end),
    show([ets:info(T, safe_fixed), ets:info(U)]),
    Reason = try elsewhere(fun() -> ets:new(large, [named_table, public]), ets:insert(large, [{I, I} || I <- lists:seq(1, 50000)]), self() end) catch _:R -> R end,
    show([is_pid(Reason), ets:whereis(large)]).

%% Once a process has lost its name, so have its tables.
names_of_exited(0) ->
    show(names_are_free);
names_of_exited(Times) ->
    Me = self(),
    Pid = spawn(fun() ->
        register(owner_with_name, self()),
        table_with_name = ets:new(table_with_name, [named_table, ordered_set]),
        ets:insert(table_with_name, [{I, I} || I <- lists:seq(1, 100)]),
        [erlang:send_after(1000000, self(), {a, b}) || _ <- lists:seq(1, 100)],
        Me ! ready,
        receive die -> ok end
    end),
    receive ready -> ok end,
    Pid ! die,
    until_free(),
    table_with_name = ets:new(table_with_name, [named_table]),
    ets:delete(table_with_name),
    names_of_exited(Times - 1).

until_free() ->
    case whereis(owner_with_name) of
        undefined -> ok;
        _ -> until_free()
    end.

infos() ->
    [begin
        T = ets:new(a_name, Options),
        ets:insert(T, [{a, 1}, {b, 2}]),
        Info = ets:info(T),
        show([{K, V} || {K, V} <- Info, not lists:member(K, [memory, owner, id])]),
        show([proplists:get_value(owner, Info) =:= self(), is_integer(proplists:get_value(memory, Info)), proplists:get_value(id, Info) =:= ets:info(T, id)]),
        show([ets:info(T, K) || K <- [size, type, name, keypos, protection, compressed, named_table, node, heir, read_concurrency, write_concurrency, decentralized_counters, fixed, safe_fixed]]),
        show(try ets:info(T, nothing) catch C:R -> {C, R} end),
        show(ets:info(T, binary)),
        ets:delete(T)
     end || Options <- [
        [], [named_table, public], [bag, {keypos, 2}], [duplicate_bag, compressed], [ordered_set, private, {read_concurrency, true}], [public, {write_concurrency, true}, {read_concurrency, true}],
        [public, {write_concurrency, auto}], [public, {write_concurrency, auto}, {decentralized_counters, false}], [ordered_set, {write_concurrency, true}], [public, {write_concurrency, true}, {decentralized_counters, true}],
        [private, {write_concurrency, true}], [set, {write_concurrency, false}], [ordered_set, set]
    ]],
    show([try F() catch C:R:S -> {C, R, info(S)} end || F <- [fun() -> ets:info(17) end, fun() -> ets:info(17, size) end, fun() -> ets:info(nothing, size) end, fun() -> ets:info(make_ref()) end]]).

info([{_, _, _, Info} | _]) -> Info.

show(X) -> io:format("~0p~n", [X]).
