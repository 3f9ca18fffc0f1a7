%% An interpreter for a tiny language: binaries as program, maps as memory.
-module(classic_brainf).
-export([main/0]).

main() ->
    Hello = <<"++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.">>,
    io:format("~s~n", [lists:reverse(run(Hello, 0, 0, #{}, [], []))]).

run(P, I, _, _, _, Out) when I >= byte_size(P) -> Out;
run(P, I, D, M, Stack, Out) ->
    V = maps:get(D, M, 0),
    case binary:at(P, I) of
        $> -> run(P, I + 1, D + 1, M, Stack, Out);
        $< -> run(P, I + 1, D - 1, M, Stack, Out);
        $+ -> run(P, I + 1, D, M#{D => (V + 1) band 255}, Stack, Out);
        $- -> run(P, I + 1, D, M#{D => (V - 1) band 255}, Stack, Out);
        $. -> run(P, I + 1, D, M, Stack, [V | Out]);
        $[ when V =:= 0 -> run(P, skip(P, I + 1, 0), D, M, Stack, Out);
        $[ -> run(P, I + 1, D, M, [I | Stack], Out);
        $] when V =:= 0 -> run(P, I + 1, D, M, tl(Stack), Out);
        $] -> run(P, hd(Stack) + 1, D, M, Stack, Out)
    end.

skip(P, I, N) ->
    case binary:at(P, I) of
        $] when N =:= 0 -> I + 1;
        $] -> skip(P, I + 1, N - 1);
        $[ -> skip(P, I + 1, N + 1);
        _ -> skip(P, I + 1, N)
    end.
