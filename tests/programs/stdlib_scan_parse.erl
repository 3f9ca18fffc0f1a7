%% erl_scan, erl_parse and erl_pp: large table-driven modules compiled as they are.
-module(stdlib_scan_parse).
-export([main/0]).

main() ->
    Text = "f(X, [H | T]) when X > 1.5, H =:= $a -> {ok, \"s\", <<X:8/little>>, #{a => T}}; f(_, _) -> fun(Y) -> Y + 1 end.",
    {ok, Tokens, End} = erl_scan:string(Text),
    io:format("~p ~p~n", [length(Tokens), End]),
    {ok, Form} = erl_parse:parse_form(Tokens),
    io:format("~p~n", [element(3, Form)]),
    io:format("~ts~n", [erl_pp:form(Form)]),
    {ok, T2, _} = erl_scan:string("{a, [1, 2.5, \"x\"], #{k => <<1, 2>>}}."),
    io:format("~p~n", [erl_parse:parse_term(T2)]),
    {ok, T3, _} = erl_scan:string("foo(."),
    io:format("~p~n", [erl_parse:parse_exprs(T3)]),
    io:format("~p~n", [erl_scan:string("'unfinished")]).
