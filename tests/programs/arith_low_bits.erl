%% Arithmetic that is masked in the end: sums, products and shifts that overflow small integers.
-module(arith_low_bits).
-export([main/0]).

-define(M58, 16#3ffffffffffffff).
-define(M60, 16#fffffffffffffff).

main() ->
    Big = 1 bsl 70 + 12345,
    Numbers = [0, 1, -1, 7, ?M58, ?M60, -?M60, -?M60 - 1, 1 bsl 60, -(1 bsl 60) - 1, 123456789012345678, -987654321098765432,
               Big, -Big, Big * Big],
    [io:format("~p~n", [{X, one(X), chain(X), exact(X), signed(X), caught(X)}]) || X <- Numbers],
    io:format("~p~n", [[{pair(X, Y), mixed(X, Y), guarded(X, Y)} || X <- Numbers, Y <- Numbers]]),
    io:format("~p~n", [[caught(X) || X <- [a, 1.5, [], <<>>]]]),
    io:format("~p~n", [lists:foldl(fun hash/2, 5381, lists:seq(1, 2000))]),
    io:format("~p~n", [fnv(<<"the quick brown fox">>, 14695981039346656037)]).

one(X) -> (X bsl 13) band ?M58.

chain(X) ->
    A = X bxor ((X bsl 13) band ?M58),
    B = A bxor (A bsr 7),
    B bxor ((B bsl 17) band ?M58).

%% The product is used twice: once with all its bits.
exact(X) ->
    P = X * 1000003,
    {P, P band 16#ffff}.

%% A mask of all bits up to the sign keeps everything.
signed(X) -> (X * 1000003) band -1.

pair(X, Y) -> ((X * Y) bxor (X + Y) bor (X - Y)) band ?M60.

mixed(X, Y) -> {(bnot (X * Y)) band 255, ((X + Y) bsl 60) band ?M60, ((X bsl 3) + (Y bsl 59) - X * Y) band 16#ffffffff}.

guarded(X, Y) when (X * Y + X) band 7 =:= 5 -> five;
guarded(X, Y) when (X bsl 5) band Y =:= 0 -> zero;
guarded(_, _) -> other.

caught(X) ->
    try (X * 16#10001 + 1) band 16#ffffff of
        Low -> Low
    catch
        error:Reason:Trace -> {Reason, element(2, hd(Trace)), element(3, hd(Trace))}
    end.

hash(X, H) -> (H * 33 + X) band 16#fffffffffffff.

fnv(<<C, Rest/binary>>, H) -> fnv(Rest, ((H bxor C) * 1099511628211) band 16#ffffffffffffffff);
fnv(<<>>, H) -> H.
