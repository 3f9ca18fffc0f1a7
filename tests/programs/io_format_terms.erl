%% ~w and ~p of one value of every kind, where they differ.
-module(io_format_terms).
-export([main/0]).

main() ->
    Terms = [1, -1, 1 bsl 70, 1.5, 1.0e100, a, 'A b', '', [], "abc", "ab\n\t\"\\", [0], [1000], [$a | b], [a, "b"], {}, {1}, <<>>, <<"abc">>, <<200, 1>>, <<"ü"/utf8>>, <<1:3>>, <<"ab", 1:1>>, #{}, #{1 => 2}, fun lists:map/2, fun erlang:'+'/2, true, [true | false], "\e[0m", [255, 256]],
    [io:format("~w ~p ~tp ~s~n", [T, T, T, io_lib:write(T)]) || T <- Terms],
    [io:format("~s ", [io_lib:print(T)]) || T <- Terms, not (is_list(T) andalso lists:any(fun(X) -> X =:= 256 end, [H || H <- safe(T)]))],
    io:nl().

safe(L) -> try length(L), L catch error:badarg -> [] end.
