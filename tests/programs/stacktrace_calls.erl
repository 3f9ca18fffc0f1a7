%% The first entries of traces of calls that fail: last calls and others, of funs and by name.
-module(stacktrace_calls).
-export([main/0, body/2, last/2, loop/2]).

main() ->
    Missing = list_to_atom(lists:append(["missing", "_module"])),
    Funs = [not_a_fun, fun() -> none end, fun Missing:missing/1],
    [show(How, {F, Case}) || How <- [body, last], F <- [call, apply2], Case <- Funs],
    [show(How, {F, Case}) || How <- [body, last], F <- [fixed, apply3], Case <- [missing_module, 5]],
    [show(How, {erlang, Case})
     || How <- [body, last], Case <- [atom_to_list, error, exit, throw, missing, apply]],
    [show(How, {twice, Case}) || How <- [body, last], Case <- [error, exit, throw]],
    show(body, {inner_raise, none}),
    %% A loop over a fun is a loop.
    io:format("~p~n", [loop(fun loop/2, 3000000)]).

show(How, What) ->
    Result = try one(How, What) catch Class:Reason:Trace -> {Class, reason(Reason), first(Trace)} end,
    io:format("~p ~p: ~p~n", [How, name(What), Result]).

one(body, {What, With}) -> [body(What, With)];
one(last, {What, With}) -> [last(What, With)].

name({What, With}) when is_function(With) -> {What, erlang:fun_info(With, arity)};
name(What) -> What.

reason({Tag, {F, Args}}) when is_function(F) -> {Tag, Args};
reason(Reason) -> Reason.

first(Trace) ->
    [entry(E) || E <- lists:takewhile(fun(E) -> element(2, E) =/= one end, Trace)].
entry({M, F, [A | B], Location}) when is_function(A) -> {M, F, [a_fun | B], Location};
entry(Entry) -> Entry.

body(call, F) -> [F(1)];
body(apply2, F) -> [apply(F, list())];
body(fixed, M) -> [M:missing(1)];
body(apply3, M) -> [apply(M, missing, list())];
body(erlang, F) -> [apply(erlang, F, list())];
body(twice, F) -> [apply(erlang, hd([apply]), [erlang, F, list()])];
body(inner_raise, _) ->
    try throw(x) catch error:Reason:Trace -> {Reason, Trace} end.

last(call, F) -> F(1);
last(apply2, F) -> apply(F, list());
last(fixed, M) -> M:missing(1);
last(apply3, M) -> apply(M, missing, list());
last(erlang, F) -> apply(erlang, F, list());
last(twice, F) -> apply(erlang, hd([apply]), [erlang, F, list()]).

list() -> [binary_to_integer(<<"1">>)].

loop(_, 0) -> done;
loop(F, N) -> F(F, N - 1).
