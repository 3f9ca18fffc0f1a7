%% Float segments of 16, 32 and 64 bits in both byte orders, and bits that are no float.
-module(bin_float_segments).
-export([main/0, id/1]).

main() ->
    Values = [0.0, 1.0, -1.5, 3.14159, 1.0e10, 65504.0, 6.0e-8, 1, -7],
    [show([<<(id(V)):64/float>>, <<(id(V)):32/float>>, <<(id(V)):64/float-little>>, <<(id(V)):32/float-little>>]) || V <- Values],
    [show([<<(id(V)):16/float>>, <<(id(V)):16/float-little>>]) || V <- Values, abs(V) < 65505],
    <<A:64/float, B:32/float, C:16/float, D:32/float-little>> = id(<<1.5:64/float, 0.1:32/float, 0.1:16/float, -2.5:32/float-little>>),
    show([A, B, C, D]),
    show([read(id(Bits)) || Bits <- [<<16#7ff0000000000000:64>>, <<16#fff8000000000000:64>>, <<16#7f800000:32>>, <<16#7c00:16>>, <<16#3c00:16>>, <<1:16>>, <<1:8>>]]),
    show([try <<(id(V)):Size/float>> catch K:R -> {K, R} end || {V, Size} <- [{a, 64}, {1.0e300, 32}, {1.0, 24}, {1 bsl 2000, 64}, {1.0e6, 16}]]).

read(<<F:64/float>>) -> F;
read(<<F:32/float>>) -> F;
read(<<F:16/float>>) -> F;
read(Other) -> {no_float, Other}.

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
