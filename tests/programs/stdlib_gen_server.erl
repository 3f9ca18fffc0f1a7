%% A gen_server with calls, casts, infos, time-outs and a stop, straight from OTP's beams.
-module(stdlib_gen_server).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

main() ->
    {ok, Pid} = gen_server:start(?MODULE, 10, []),
    show(gen_server:call(Pid, {add, 5})),
    ok = gen_server:cast(Pid, {add, 7}),
    show(gen_server:call(Pid, get)),
    Pid ! {info, 100},
    show(gen_server:call(Pid, get)),
    show(gen_server:call(Pid, later)),
    show(try gen_server:call(Pid, slow, 20) catch exit:{timeout, _} -> timeout end),
    show(gen_server:stop(Pid)),
    show(is_process_alive(Pid)),
    show(try gen_server:call(Pid, get) catch exit:{noproc, _} -> noproc end),
    show(gen_server:start(?MODULE, bad, [])).

init(bad) -> {stop, {shutdown, bad_argument}};
init(N) -> {ok, N}.

handle_call({add, K}, _From, N) -> {reply, N + K, N + K};
handle_call(get, _From, N) -> {reply, N, N};
handle_call(slow, _From, N) -> {noreply, N};
handle_call(later, From, N) ->
    self() ! {answer, From},
    {noreply, N}.

handle_cast({add, K}, N) -> {noreply, N + K}.

handle_info({info, K}, N) -> {noreply, N + K};
handle_info({answer, From}, N) ->
    gen_server:reply(From, {later, N}),
    {noreply, N}.

terminate(Reason, N) -> io:format("terminated with ~p at ~p~n", [Reason, N]).

show(X) -> io:format("~p~n", [X]).
