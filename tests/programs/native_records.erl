%% Records as a type of their own: made, read, updated, matched, compared, refused and printed.
%% otp: 29+
-module(native_records).
-export([main/0, id/1]).
-export_record([point]).

-record #point{x = 0, y = 0, label = "none"}.
-record #State{count, list = []}.

main() ->
    P = #point{x = id(1)},
    show(P),
    show([P#point.x, P#point.y, P#point.label]),
    Q = P#point{y = 2, label = <<"q">>},
    show([Q, P =:= Q, P =:= Q#point{y = 0, label = "none"}, P < Q, P == #point{x = 1.0}]),
    #point{x = X, y = Y} = Q,
    show({X, Y}),
    show([kind(id(T)) || T <- [P, Q, #State{count = 1}, {point, 1, 2, "none"}, #{x => 1}, a]]),
    S = loop(100, #State{count = id(0)}),
    show([S#State.count, length(S#State.list)]),
    show([is_tuple(P), is_map(P), is_record(P, point), is_record(id(S), point)]),
    show([try (id(T))#point.x catch C:R -> {C, R} end || T <- [S, {point, 1}, x]]),
    show([try (id(T))#point{x = 9} catch C2:R2 -> {C2, R2} end || T <- [P, S, 7]]),
    show(lists:sort([Q, P, 1, a, {t}, #{}, [], <<>>, #State{count = 1}])),
    show(binary_to_term(term_to_binary(Q)) =:= Q),
    show(#{P => found, Q => other} =:= #{Q => other, P => found}),
    io:format("~w ~p~n", [Q, [P, Q]]).

kind(#point{x = 1, y = 0}) -> near;
kind(#point{x = X}) -> {point, X};
kind(#State{}) -> state;
kind(T) when is_tuple(T) -> tuple;
kind(_) -> other.

loop(0, S) -> S;
loop(N, S) -> loop(N - 1, S#State{count = S#State.count + N, list = [N | S#State.list]}).

show(X) -> io:format("~p~n", [X]).

id(X) -> X.
