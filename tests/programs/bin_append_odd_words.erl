%% Appended integers that make whole bytes together, but not in the words that they are stored in.
-module(bin_append_odd_words).
-export([main/0]).

main() ->
    Numbers = [16#258CBE07C1FF081, 1, 16#3d56224b26b2c6b, 16#2aaaaaaaaaaaaaa, 3, 16#155555555555555, 9],
    show(fields(Numbers, <<>>)),
    show(mixed(Numbers, <<>>)),
    show(mixed(Numbers, <<1:4>>)),
    show(odd(Numbers, <<>>)),
    show(odd(Numbers, <<5:3>>)).

fields([A, B | Rest], Seen) -> fields(Rest, <<Seen/binary, 16#abc:12, A:58, B:58>>);
fields(_, Seen) -> Seen.

mixed([A, B | Rest], Seen) -> mixed(Rest, <<Seen/bitstring, A:7, B:60, 5:3, A:34, B:24/little>>);
mixed(_, Seen) -> Seen.

odd([A, B | Rest], Seen) -> odd(Rest, <<Seen/bitstring, A:13, B:59, 1:1, A:55>>);
odd(_, Seen) -> Seen.

show(Bits) -> io:format("~w~n", [Bits]).
