%% Maps whose keys are known when compiling: built, looked up and updated, with keys there and not,
%% small and large maps, and terms that are no maps.
%% otp: 26+
-module(maps_known_keys).
-export([main/0]).

main() ->
    show(built(1, two)),
    show(unchanged(#{a => large(3), b => self(), c => 3})),
    Maps = [#{}, #{a => 1}, #{b => 2, c => 3}, #{a => 1, b => 2, c => 3}, #{a => 1, b => 2, c => 3, d => 4},
        #{1 => i, 1.0 => f, [] => nil, a => atom, <<"a">> => bin, {a} => tuple}, large(31), large(32), large(33), large(100)],
    lists:foreach(fun looked_up/1, Maps),
    lists:foreach(fun updated/1, Maps ++ [not_a_map, 7, [a], {a, 1}, <<"a">>]),
    show(twice(#{a => 1, b => 2})),
    show(kept(#{a => 1, b => 2}, lists:seq(1, 2000))),
    show(nested(#{a => #{b => #{c => 1}}})).

built(X, Y) ->
    [#{}, #{b => X, a => Y}, #{zebra => X, apple => Y, 3 => X, 2.0 => Y, [] => X, "list" => Y, <<"bin">> => X, {t, 1} => Y, #{k => v} => X, 1 bsl 70 => Y},
        #{a => X, b => #{c => Y, a => [X, Y]}}, #{X => 1, a => 2}, #{a => X, Y => 1}].

large(N) -> maps:from_list([{a, 0} | [{K, K} || K <- lists:seq(2, N)]]).

looked_up(Map) ->
    show([one(Map), several(Map), has(Map), number(Map), other(Map), guard(Map), get(Map, a), get(Map, zz)]).

one(#{a := A}) -> {a, A};
one(#{b := B}) -> {b, B};
one(_) -> none.

several(#{a := A, b := B, c := C}) -> {A, B, C};
several(#{c := C, b := B}) -> {B, C};
several(_) -> none.

has(#{a := _, d := _}) -> ad;
has(#{a := _}) -> a;
has(_) -> none.

number(#{1 := I, 1.0 := F, [] := Nil}) -> {I, F, Nil};
number(#{7 := Seven}) -> Seven;
number(_) -> none.

other(#{<<"a">> := A, {a} := T}) -> {A, T};
other(_) -> none.

guard(Map) when map_get(a, Map) =:= 1, is_map_key(b, Map) -> yes;
guard(_) -> no.

get(Map, Key) -> try map_get(Key, Map) catch error:Reason -> Reason end.

updated(Map) ->
    Updates = [fun(M) -> M#{a := new} end, fun(M) -> M#{a => new} end, fun(M) -> try M#{c := 30, a := 10, b := 20} catch error:{badkey, _} -> one_of_several end end,
        fun(M) -> M#{c => 30, a => 10, b => 20} end, fun(M) -> M#{a := 1, zz => 2} end, fun(M) -> M#{zz => 1, aa => 2} end,
        fun(M) -> M#{[] => 1, 1 => 2, 1.0 => 3, a => 4} end, fun(M) -> M#{<<"a">> := 1} end,
        fun(M) -> M#{a => 1, b => 2, c => 3, d => 4, e => 5, f => 6, g => 7, h => 8, i => 9, j => 10} end],
    show([try Update(Map) catch Class:Reason -> {Class, Reason} end || Update <- Updates]).

twice(M) ->
    A = M#{a := 1},
    B = A#{b := 3},
    C = B#{b := 2},
    {A =:= M, B =:= M, C =:= M, M}.

%% Updates in a loop: what is old stays as it was.
kept(Map, List) ->
    {Last, Sum} = lists:foldl(fun(N, {#{a := A} = M, Sum}) -> {M#{a := A + N, b => {N, A}}, Sum + A} end, {Map, 0}, List),
    {Map, Last, Sum}.

%% An update that changes nothing is the map itself; merged maps take over keys that are a literal.
unchanged(#{a := A, b := B} = Map) ->
    Literal = #{one => 1, two => 2},
    Own = maps:put(two, 3, maps:remove(two, Literal)),
    Own = maps:merge(Literal, Own),
    [
        erts_debug:same(Map, Map#{a => A, b => B}),
        erts_debug:same(Map, Map#{b := B}),
        erts_debug:same(Map, Map#{a => A, b => B, c := 4}),
        erts_debug:same(Map, Map#{new => B}),
        erts_debug:same(erts_internal:map_to_tuple_keys(Own), erts_internal:map_to_tuple_keys(Literal))
    ].

nested(#{a := #{b := #{c := C} = B} = A} = Map) -> Map#{a := A#{b := B#{c := C + 1, d => Map}}}.

show(Term) -> io:format("~p~n", [sorted(Term)]).

%% Small maps as lists: the order of atom keys inside a map is not part of this.
sorted(Map) when is_map(Map) -> {map, lists:sort([{sorted(K), sorted(V)} || K := V <- Map])};
sorted([Head | Tail]) -> [sorted(Head) | sorted(Tail)];
sorted(Tuple) when is_tuple(Tuple) -> list_to_tuple(sorted(tuple_to_list(Tuple)));
sorted(Term) -> Term.
