%% A gen_statem door with state functions, data and a state time-out.
-module(stdlib_gen_statem).
-behaviour(gen_statem).
-export([main/0, init/1, callback_mode/0, locked/3, open/3]).

main() ->
    {ok, Pid} = gen_statem:start(?MODULE, "42", []),
    show([gen_statem:call(Pid, {button, C}) || C <- "4"]),
    show([gen_statem:call(Pid, {button, C}) || C <- "2"]),
    show(gen_statem:call(Pid, state)),
    timer:sleep(60),
    show(gen_statem:call(Pid, state)),
    show(gen_statem:stop(Pid)).

callback_mode() -> state_functions.

init(Code) -> {ok, locked, #{code => Code, left => Code}}.

locked({call, From}, state, _) -> {keep_state_and_data, [{reply, From, locked}]};
locked({call, From}, {button, C}, #{code := Code, left := Left} = Data) ->
    case Left of
        [C] -> {next_state, open, Data#{left := Code}, [{reply, From, opened}, {state_timeout, 30, lock}]};
        [C | Rest] -> {keep_state, Data#{left := Rest}, [{reply, From, more}]};
        _ -> {keep_state, Data#{left := Code}, [{reply, From, wrong}]}
    end.

open({call, From}, state, _) -> {keep_state_and_data, [{reply, From, open}]};
open(state_timeout, lock, Data) -> {next_state, locked, Data}.

show(X) -> io:format("~p~n", [X]).
