%% Comparisons of one value with several small constants, one behind the other: of integers about
%% the constants, of floats between them, of big integers and of every kind of term, in guards whose
%% later tests depend on earlier ones and in a table large enough to become a tree of decisions.
-module(compare_with_constants).
-export([main/0]).

main() ->
    [io:format("~p: ~p~n", [V, [digit(V), outside(V), equal(V), sign(V), range(V), far(V), after_call(V)]])
     || V <- values()].

values() ->
    Integers = [-1, 0, 1, 46, 47, 48, 57, 58, 64, 65, 90, 91, 99, 100, 101, 127, 128, 255, 256,
                576460752303423487, 576460752303423488, -576460752303423488, -576460752303423489,
                1152921504606846975, 1152921504606846976, -1152921504606846976,
                -1152921504606846977, 1 bsl 80, -(1 bsl 80)],
    Floats = [-0.5, -0.0, 0.0, 0.5, 47.5, 47.99999999999999, 48.0, 48.00000000000001, 57.0, 57.5,
              64.5, 65.0, 100.0, 99.99999999999999, 9007199254740992.0, 1152921504606846976.0,
              -1152921504606846976.0, -1152921504606847232.0, 1.0e300, -1.0e300],
    Others = [a, [], [48], {48}, #{}, #{48 => 57}, <<>>, <<48>>, <<1:3>>, fun lists:map/2],
    [opaque(V) || V <- Integers ++ Floats ++ Others].

opaque(V) ->
    binary_to_term(term_to_binary(V)).

digit(C) when $0 =< C, C =< $9 -> digit;
digit(C) when C >= $A, C =< $Z -> upper;
digit(C) when C < 0 -> below;
digit(_) -> other.

outside(C) when C < $0; C > $9 -> outside;
outside(_) -> inside.

equal(V) when V == 0 -> zero;
equal(V) when V == 48 -> forty_eight;
equal(V) when V /= 57, V < 58 -> less;
equal(V) when V == 57 -> fifty_seven;
equal(_) -> more.

sign(V) when V > 0 -> positive;
sign(V) when V < 0 -> negative;
sign(_) -> zero.

far(V) when V < -1152921504606846976 -> below_small;
far(V) when V =< -1152921504606846976 -> least_small;
far(V) when V > 1152921504606846975 -> above_small;
far(V) when V >= 1152921504606846975 -> greatest_small;
far(V) when V > 576460752303423487 -> above_otp_small;
far(_) -> near.

after_call(V) when V >= 48 ->
    Pressed = length(lists:seq(1, size_of(V))),
    if
        V < 58 -> {digit, Pressed};
        V =< 100, Pressed > 0 -> {to_hundred, Pressed};
        true -> {beyond, Pressed}
    end;
after_call(_) ->
    small.

size_of(V) -> erlang:external_size(V) rem 7 + 1.

range(C) when C >= 10, C =< 12 -> a;
range(C) when C >= 20, C =< 32 -> b;
range(C) when C >= 40, C =< 46 -> c;
range(C) when C >= 47, C =< 47 -> d;
range(C) when C >= 48, C =< 63 -> e;
range(C) when C >= 64, C =< 64 -> f;
range(C) when C >= 66, C =< 90 -> g;
range(C) when C >= 91, C =< 98 -> h;
range(C) when C >= 100, C =< 126 -> i;
range(C) when C >= 128, C =< 254 -> j;
range(C) when C >= 256, C =< 400 -> k;
range(_) -> none.
