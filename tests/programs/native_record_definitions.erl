%% What modules say of their native records, where only run time knows which is meant.
%% otp: 29+
-module(native_record_definitions).
-export([main/0]).
-export_record([point]).

-record #point{x = 0, y, label = "none", far = 1 bsl 80, near = 1.5}.
-record #'State'{}.

main() ->
    show([records:get_definition(?MODULE, Name) || Name <- [point, 'State']]),
    show([refused(M, N) || {M, N} <- [{?MODULE, none}, {no_module, point}, {lists, x}, {1, x}, {?MODULE, 1}, {?MODULE, "x"}]]),
    {Options, Fields} = records:get_definition(?MODULE, point),
    Given = [case F of {K, V} -> {K, V}; K -> {K, given} end || F <- Fields],
    show(records:create(?MODULE, point, Given, Options) =:= #point{y = given}),
    show(#'State'{}),
    show([eval(Text) || Text <- ["#native_record_definitions:point{y = 2}.", "#native_record_definitions:point{}.",
                                 "#native_record_definitions:point{z = 1}.", "#native_record_definitions:none{}."]]).

refused(M, N) ->
    try records:get_definition(M, N) catch C:R -> {C, R} end.

eval(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    try erl_eval:exprs(Exprs, []) of {value, Value, _} -> Value catch C:R -> {C, R} end.

show(X) -> io:format("~p~n", [X]).
