%% Fields that end within bytes and together fill whole ones, appended again and again, also around binaries and characters.
-module(bin_append_fields).
-export([main/0]).

-define(LOOP(Name, Built),
    Name(Acc, _, 0) -> Acc;
    Name(Acc, A, N) ->
        {B, C, D} = numbers(A),
        S = text(N),
        _ = {B, C, D, S},
        Name(Built, A bxor N * 16#1234567890, N - 1)
).

main() ->
    Loops = [
        fun wide/3, fun halves/3, fun odd/3, fun first/3, fun last/3, fun many/3, fun constant/3, fun little/3, fun full/3,
        fun behind/3, fun before/3, fun between/3, fun character/3, fun within/3
    ],
    [
        io:format("~w~n", [Loop(Start, 16#ECE123456789ABC, N)])
     || Loop <- Loops, {Start, N} <- [{<<>>, 1}, {<<>>, 2}, {<<>>, 9}, {<<"start">>, 3}, {binary:copy(<<"x">>, 70), 4}]
    ],
    [io:format("~w~n", [new(Loop, 16#ECE123456789ABC)]) || Loop <- [a, b, c, d]].

?LOOP(wide, <<Acc/binary, A:12, B:58, C:58>>).
?LOOP(halves, <<Acc/binary, A:33, B:33, C:62>>).
?LOOP(odd, <<Acc/binary, A:1, B:63, C:7, D:57>>).
?LOOP(first, <<Acc/binary, A:4, B:64, C:64, D:4>>).
?LOOP(last, <<Acc/binary, A:64, B:64, C:60, D:4>>).
?LOOP(many, <<Acc/binary, A:3, B:13, C:31, D:41, A:17, B:47, C:20, D:20>>).
?LOOP(constant, <<Acc/binary, 5:4, A:62, "text", 1:2, B:60>>).
?LOOP(little, <<Acc/binary, A:4, B:56/little, C:32/little, D:4>>).
?LOOP(full, <<Acc/binary, A:8, B:56, C:64, D:16>>).
?LOOP(behind, <<Acc/binary, A:12, B:60, S/binary>>).
?LOOP(before, <<Acc/binary, S/binary, A:12, B:60, C:56>>).
?LOOP(between, <<Acc/binary, A:12, B:60, S/binary, C:50, D:62>>).
?LOOP(character, <<Acc/binary, A:12, (B band 16#3ff)/utf8, C:60, (D band 16#7f)/utf8>>).
?LOOP(within, <<Acc/bitstring, A:12, B:58, C:59>>).

%% Without anything in front.
new(a, A) -> {B, C, D} = numbers(A), <<A:12, B:60, (text(D band 7))/binary, C:44>>;
new(b, A) -> {B, C, _} = numbers(A), <<(text(3))/binary, A:33, B:33, C:62>>;
new(c, A) -> {B, C, _} = numbers(A), <<A:12, B:58, C:58, (text(9))/binary>>;
new(d, A) -> {B, C, D} = numbers(A), <<A:12, B:58, (C band 16#3ff)/utf8, D:58>>.

numbers(A) -> {A * 7, A * 11 bsr 3, A * -13}.

text(N) -> list_to_binary(lists:seq($a, $a + N)).
