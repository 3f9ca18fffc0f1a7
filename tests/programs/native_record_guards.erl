%% Native records in guards and in other functions' fields, where tests must not raise.
%% otp: 29+
-module(native_record_guards).
-export([main/0, id/1]).

-record #p{x = 0, y = 0}.
-record #q{x = 0}.

main() ->
    Terms = [#p{x = 1}, #p{x = 5, y = 5}, #q{x = 1}, {p, 1, 0}, #{x => 1}, 7],
    io:format("~w~n", [[classify(id(T)) || T <- Terms]]),
    io:format("~w~n", [[is_record(id(T), p) || T <- Terms]]),
    io:format("~w~n", [[try (id(T))#_.x catch C:R -> {C, R} end || T <- Terms]]),
    io:format("~w~n", [[field(id(T)) || T <- Terms]]),
    io:format("~w~n", [[any(id(T)) || T <- Terms]]),
    io:format("~w~n", [[{named(id(T)), is_record(id(T), native_record_guards, p), is_record(id(T), lists, p)} || T <- Terms]]).

classify(T) when T#p.x =:= 1 -> one;
classify(T) when T#p.y > T#p.x - 1 -> above;
classify(#q{x = X}) when X > 0 -> {q, X};
classify(_) -> none.

field(#_{x = X}) -> X;
field(_) -> none.

any(T) when is_record(T) -> record;
any(_) -> no.

named(T) when is_record(T, native_record_guards, q); is_record(T, p) -> 1;
named(_) -> 0.

id(X) -> X.
