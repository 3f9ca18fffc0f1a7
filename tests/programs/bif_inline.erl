%% BIFs that are compiled in line for common arguments: common ones, limits, and what fails, as guard
%% and as expression.
-module(bif_inline).
-export([main/0]).

main() ->
    Tuples = [{}, {a}, {a, b, c}, list_to_tuple(lists:seq(1, 300)), [], atom, 1.5, #{}, <<1>>],
    Indexes = [0, 1, 2, 3, 4, 300, 301, -1, 1 bsl 59, 1 bsl 70, -(1 bsl 60), x, 1.0],
    print(element, [{I, T} || I <- Indexes, T <- Tuples], fun({I, T}) -> element(I, T) end),
    print(element_guard, [{I, T} || I <- Indexes, T <- Tuples],
          fun({I, T}) when element(I, T) =/= b -> yes; (_) -> no end),
    print(second, Tuples, fun(T) -> element(2, T) end),
    Values = Tuples ++ [[1 | 2], [x], fun() -> ok end, #{a => 1, b => 2}, maps:from_keys(lists:seq(1, 100), v),
                        <<1:3>>, <<1:17>>, binary:copy(<<7>>, 1000), binary_part(binary:copy(<<7>>, 100), 3, 80)],
    print(hd, Values, fun(V) -> hd(V) end),
    print(tl, Values, fun(V) -> tl(V) end),
    print(tuple_size, Values, fun(V) -> tuple_size(V) end),
    print(map_size, Values, fun(V) -> map_size(V) end),
    print(byte_size, Values, fun(V) -> byte_size(V) end),
    print(bit_size, Values, fun(V) -> bit_size(V) end),
    print(guards, Values, fun(V) when map_size(V) > 1 -> map; (V) when byte_size(V) > 2 -> bytes;
                             (V) when tuple_size(V) > 2 -> tuple; (V) when hd(V) =:= x -> list; (_) -> other end),
    Numbers = [0, 1, -1, 7, 1.0, 7.0, -0.0, 1 bsl 59, (1 bsl 60) - 1, -(1 bsl 60), 1 bsl 60, -(1 bsl 70), a],
    print(abs, Numbers, fun(N) -> abs(N) end),
    print(min, [{A, B} || A <- Numbers, B <- Numbers], fun({A, B}) -> min(A, B) end),
    print(max, [{A, B} || A <- Numbers, B <- Numbers], fun({A, B}) -> max(A, B) end),
    Truths = [true, false, 1, undefined],
    print('not', Truths, fun(A) -> not A end),
    print('and', [{A, B} || A <- Truths, B <- Truths], fun({A, B}) -> A and B end),
    print('or', [{A, B} || A <- Truths, B <- Truths], fun({A, B}) -> A or B end),
    print('xor', [{A, B} || A <- Truths, B <- Truths], fun({A, B}) -> A xor B end),
    print(truth_guards, [{A, B} || A <- Truths, B <- Truths],
          fun({A, B}) when A and not B -> first; ({A, B}) when A or B -> some; (_) -> none end).

print(Name, Values, Fun) ->
    Results = [try Fun(V) catch Class:Reason -> {Class, Reason} end || V <- Values],
    io:format("~p ~p ~p~n", [Name, erlang:phash2(Results), lists:sublist(Results, 12)]).
