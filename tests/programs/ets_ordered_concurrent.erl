%% Ordered sets with write concurrency, written to and walked through by several processes at once. What may
%% come out is stated by each test; whatever else is printed.
-module(ets_ordered_concurrent).
-export([main/0]).

-define(WRITERS, 4).
-define(STAYING, 500).
-define(SPACE, 200).

main() ->
    [tests(Concurrency) || Concurrency <- [true, auto]].

tests(Concurrency) ->
    io:format("~w~n", [Concurrency]),
    [begin
         T = ets:new(table, [ordered_set, public, {write_concurrency, Concurrency}]),
         io:format("~w: ~w~n", [Test, (function(Test))(T)]),
         ets:delete(T)
     end || Test <- [walks, size, lists, counters, replaced, deleted, taken, emptied]].

function(walks) -> fun walks/1;
function(size) -> fun size/1;
function(lists) -> fun lists/1;
function(counters) -> fun counters/1;
function(replaced) -> fun replaced/1;
function(deleted) -> fun deleted/1;
function(taken) -> fun taken/1;
function(emptied) -> fun emptied/1.

%% While objects come and go between those that stay, every walk finds each of these once and in order, and
%% nothing else than what is put there.
walks(T) ->
    ets:insert(T, [{Key, stays} || Key <- staying()]),
    Writers = [start(fun() -> come_and_go(T, Writer, 12) end) || Writer <- lists:seq(1, ?WRITERS)],
    Walkers = [start(fun() -> walk_until(T, Walk, 0) end) || Walk <- walks()],
    Left = lists:sum([finish(Writer) || Writer <- Writers]),
    [Walker ! stop || {Walker, _} <- Walkers],
    Walked = [finish(Walker) || Walker <- Walkers],
    Size = ets:info(T, size),
    [lists:usort(Walked), Left, Size =:= Left + ?STAYING, length(ets:tab2list(T)) =:= Size, ets:select_count(T, [{{'_', '_'}, [], [true]}]) =:= Size].

staying() -> [Key * ?SPACE || Key <- lists:seq(1, ?STAYING)].

come_and_go(T, Writer, Rounds) ->
    Keys = [Stays + Writer + ?WRITERS * Nth || Stays <- staying(), Nth <- lists:seq(1, 20)],
    come_and_go(T, Writer, shuffled(Writer, Keys), Rounds).

come_and_go(T, Writer, Keys, 0) ->
    [true = ets:insert_new(T, {Key, Writer}) || Key <- Keys],
    length(Keys);
come_and_go(T, Writer, Keys, Round) ->
    [true = ets:insert_new(T, {Key, Writer}) || Key <- Keys],
    [[{Key, Writer}] = ets:take(T, Key) || Key <- lists:reverse(Keys)],
    come_and_go(T, Writer, Keys, Round - 1).

walk_until(T, Walk, Walks) ->
    case check(Walk(T)) of
        ok ->
            receive stop -> ok
            after 0 -> walk_until(T, Walk, Walks + 1)
            end;
        Wrong -> {Walks, Wrong}
    end.

check(Keys) ->
    Others = [Key || Key <- Keys, not is_integer(Key)],
    Staying = [Key || Key <- Keys, Key rem ?SPACE =:= 0],
    case {Others, lists:usort(Keys) =:= Keys, Staying =:= staying()} of
        {[], true, true} -> ok;
        {_, InOrder, Found} -> {Others, InOrder, Found, length(Keys), length(Staying)}
    end.

walks() ->
    [
        fun(T) -> ets:select(T, [{{'$1', '_'}, [], ['$1']}]) end,
        fun(T) -> lists:reverse(ets:select_reverse(T, [{{'$1', '_'}, [], ['$1']}])) end,
        fun(T) -> pages(ets:select(T, [{{'$1', '_'}, [], ['$1']}], 700), fun ets:select/1) end,
        fun(T) -> lists:reverse(backwards(ets:select_reverse(T, [{{'$1', '_'}, [], ['$1']}], 900))) end,
        fun(T) -> lists:append(pages(ets:match(T, {'$1', '_'}, 1000), fun ets:match/1)) end,
        fun(T) -> from(T, ets:first(T), fun ets:next/2) end,
        fun(T) -> lists:reverse(from(T, ets:last(T), fun ets:prev/2)) end,
        fun(T) -> [Key || {Key, _} <- ets:tab2list(T)] end,
        fun(T) -> lists:reverse(ets:foldl(fun({Key, _}, Keys) -> [Key | Keys] end, [], T)) end,
        fun(T) ->
            ets:safe_fixtable(T, true),
            Keys = [Key || {Key, _} <- ets:match_object(T, '_')],
            ets:safe_fixtable(T, false),
            Keys
        end
    ].

pages('$end_of_table', _) -> [];
pages({Page, Continuation}, Next) -> Page ++ pages(Next(Continuation), Next).
backwards('$end_of_table') -> [];
backwards({Page, Continuation}) -> Page ++ backwards(ets:select_reverse(Continuation)).
from(_, '$end_of_table', _) -> [];
from(T, Key, Next) -> [Key | from(T, Next(T, Key), Next)].

%% Each process puts one in before it takes one out: there are never fewer than there were, nor more than one
%% more for each process.
size(T) ->
    Count = 40000,
    ets:insert(T, [{Key} || Key <- lists:seq(1, Count)]),
    Writers = [start(fun() -> replace_keys(T, Writer, 20000) end) || Writer <- lists:seq(1, ?WRITERS)],
    Sizes = lists:usort(sizes(T, Writers)),
    [Size || Size <- Sizes, Size < Count orelse Size > Count + ?WRITERS].

replace_keys(_, _, 0) -> ok;
replace_keys(T, Writer, N) ->
    Key = N * ?WRITERS + Writer,
    true = ets:insert_new(T, {{new, Key}}),
    true = ets:delete(T, {new, Key}),
    replace_keys(T, Writer, N - 1).

sizes(_, []) -> [];
sizes(T, [{_, Reference} | Rest] = Writers) ->
    receive {'DOWN', Reference, process, _, {done, ok}} -> sizes(T, Rest)
    after 0 -> [ets:info(T, size) | sizes(T, Writers)]
    end.

%% Of those who insert the same new keys in one list, one does: for all of them. Whoever sees one key of a
%% list sees the others too.
lists(T) ->
    Rounds = 1500,
    Keys = fun(Round) -> [Round, Round + 0.5, Round * 1000000, {Round}, [Round]] end,
    Insert = fun(Self) -> [Round || Round <- lists:seq(1, Rounds), ets:insert_new(T, [{Key, Self} || Key <- Keys(Round)])] end,
    Replace = fun(Self) -> [ets:insert(T, [{Key, Self} || Key <- Keys(Round)]) || Round <- lists:seq(Rounds + 1, 2 * Rounds)] end,
    Writers = [start(fun() -> Replace(Writer), Insert(Writer) end) || Writer <- lists:seq(1, ?WRITERS)],
    Reader = start(fun() -> [Round || Round <- lists:seq(1, Rounds), is_partly_there(T, shuffled(Round, Keys(Round)))] end),
    Inserted = lists:append([finish(Writer) || Writer <- Writers]),
    Different = [Round || Round <- lists:seq(1, 2 * Rounds), length(lists:usort([ets:lookup_element(T, Key, 2) || Key <- Keys(Round)])) =/= 1],
    [lists:sort(Inserted) =:= lists:seq(1, Rounds), Different, finish(Reader), ets:info(T, size)].

is_partly_there(T, Keys) ->
    case lists:dropwhile(fun(Key) -> not ets:member(T, Key) end, Keys) of
        [] -> false;
        [_ | Behind] -> not lists:all(fun(Key) -> ets:member(T, Key) end, Behind)
    end.

%% What is added in one place and taken away in another adds up.
counters(T) ->
    Count = 1000,
    Writers = [start(fun() -> count(T, shuffled(Writer, lists:seq(1, Count)), 30) end) || Writer <- lists:seq(1, ?WRITERS)],
    [finish(Writer) || Writer <- Writers],
    [lists:usort([Added || {_, Added, _} <- ets:tab2list(T)]), lists:usort([Taken || {_, _, Taken} <- ets:tab2list(T)]), ets:info(T, size)].

count(_, _, 0) -> ok;
count(T, Keys, Rounds) ->
    [ets:update_counter(T, Key, [{2, 1}, {3, -(1 bsl 58)}], {Key, 0, 0}) || Key <- Keys],
    count(T, Keys, Rounds - 1).

%% An object is matched and replaced in one: nothing that is added meanwhile gets lost.
replaced(T) ->
    Keys = lists:seq(1, 2000),
    ets:insert(T, [{Key, 0} || Key <- Keys]),
    Replace = fun() -> [2000 = ets:select_replace(T, [{{'$1', '$2'}, [], [{{'$1', {'+', '$2', 1}}}]}]) || _ <- lists:seq(1, 40)] end,
    Count = fun() -> [ets:update_counter(T, Key, 1) || _ <- lists:seq(1, 20), Key <- Keys] end,
    Processes = [start(fun() -> Do(), ok end) || Do <- [Replace, Count, Replace, Count]],
    [finish(Process) || Process <- Processes],
    [lists:usort([Value || {_, Value} <- ets:tab2list(T)]), ets:info(T, size)].

%% What is there before goes, and what others insert of another sort stays.
deleted(T) ->
    ets:insert(T, [{Key, old} || Key <- lists:seq(1, 60000, 2)]),
    Writers = [start(fun() -> [ets:insert(T, {Key, new}) || Key <- shuffled(Writer, lists:seq(2 * Writer, 60000, 2 * ?WRITERS))], ok end) || Writer <- lists:seq(1, ?WRITERS)],
    Deleted = ets:select_delete(T, [{{'_', old}, [], [true]}]),
    [finish(Writer) || Writer <- Writers],
    [Deleted, length(ets:lookup(T, 2)), ets:match(T, {'$1', old}), ets:select_count(T, [{{'$1', new}, [{'>', '$1', 40000}], [true]}]), ets:info(T, size)].

%% Every object is taken by one process.
taken(T) ->
    Keys = lists:seq(1, 50000),
    ets:insert(T, [{Key, Key} || Key <- Keys]),
    Takers = [start(fun() -> take(T, ets:Which(T), []) end) || Which <- [first, last, first, last]],
    Taken = lists:append([finish(Taker) || Taker <- Takers]),
    [lists:sort(Taken) =:= Keys, ets:info(T, size), ets:first(T)].

take(_, '$end_of_table', Taken) -> Taken;
take(T, Key, Taken) ->
    More = [Value || {_, Value} <- ets:take(T, Key)],
    Which = case length(Taken) band 1 of 0 -> first; 1 -> last end,
    take(T, ets:Which(T), More ++ Taken).

%% The table is emptied again and again under those who write: in the end it has what came after that.
emptied(T) ->
    Write = fun(Writer) -> [ets:insert(T, {{Key, Writer}, Key}) || Key <- lists:seq(1, 40000)], ok end,
    Writers = [start(fun() -> Write(Writer) end) || Writer <- lists:seq(1, ?WRITERS)],
    [ets:delete_all_objects(T) || _ <- lists:seq(1, 50)],
    [finish(Writer) || Writer <- Writers],
    ets:delete_all_objects(T),
    Write(1),
    [ets:info(T, size), ets:first(T), ets:last(T), ets:next(T, {20000, 1}), ets:select(T, [{{{'$1', 1}, '_'}, [{'<', '$1', 3}], ['$1']}]), ets:match(T, {{39999, '_'}, '$1'})].

start(F) -> spawn_monitor(fun() -> exit({done, F()}) end).
finish({_, Reference}) -> receive {'DOWN', Reference, process, _, {done, Result}} -> Result; {'DOWN', Reference, process, _, Reason} -> {failed, Reason} end.

shuffled(Seed, List) ->
    rand:seed(exsss, Seed),
    [Element || {_, Element} <- lists:sort([{rand:uniform(), Element} || Element <- List])].
