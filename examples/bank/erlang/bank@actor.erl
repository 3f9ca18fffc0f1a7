-module(bank@actor).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([spawn/1, self/0, call/3, new_subject/0, send/2, 'receive'/1, start/2, watch/1]).
-export_type([pid_/0, reference_/0, done/0, subject/1, next/1, call_error/0]).
-moduledoc(~" A small typed actor: a process with a state and a handler for messages of
 one type, reached through a subject that only takes that type.").

-type pid_() :: any().

-type reference_() :: any().

-type done() :: any().

-type subject(BA) :: {subject, pid_(), reference_()} | {gleam_phantom, BA}.

-type next(BB) :: {continue, BB} | stop.

-type call_error() :: gone | late.

-file("src/bank/actor.gleam", 26).
-spec spawn(fun(() -> any())) -> pid_().
spawn(Run) ->
    erlang:spawn(Run).

-file("src/bank/actor.gleam", 29).
-spec self() -> pid_().
self() ->
    erlang:self().

-file("src/bank/actor.gleam", 44).
-spec call(subject(BF), fun((subject(BH)) -> BF), integer()) -> {ok, BH} | {error, call_error()}.
call(Subject, Request, Timeout) ->
    bank_ffi:call(Subject, Request, Timeout).

-file("src/bank/actor.gleam", 54).
-spec new_subject() -> subject(any()).
-doc(~" A subject of the process that asks for it.").
new_subject() ->
    {subject, erlang:self(), erlang:make_ref()}.

-file("src/bank/actor.gleam", 58).
-spec send(subject(BO), BO) -> nil.
send(Subject, Message) ->
    erlang:send(erlang:element(2, Subject), {erlang:element(3, Subject), Message}),
    nil.

-file("src/bank/actor.gleam", 63).
-spec 'receive'(subject(BQ)) -> BQ.
'receive'(Subject) ->
    bank_ffi:receive_tagged(erlang:element(3, Subject)).

-file("src/bank/actor.gleam", 81).
-spec loop(subject(BW), BY, fun((BY, BW) -> next(BY))) -> nil.
loop(Subject, State, Handle) ->
    case Handle(State, 'receive'(Subject)) of
        {continue, State@1} ->
            loop(Subject, State@1, Handle);

        stop ->
            nil
    end.

-file("src/bank/actor.gleam", 68).
-spec start(BS, fun((BS, BT) -> next(BS))) -> subject(BT).
-doc(~" Starts a process that feeds every message to the handler.").
start(State, Handle) ->
    Ready = new_subject(),
    erlang:spawn(fun() ->
        Subject = new_subject(),
        send(Ready, Subject),
        loop(Subject, State, Handle)
    end),
    'receive'(Ready).

-file("src/bank/actor.gleam", 93).
-spec watch(fun(() -> any())) -> binary().
-doc(~" Runs a function in a process of its own and tells how that process ended.").
watch(Run) ->
    {_, Monitor} = erlang:spawn_monitor(Run),
    bank_ffi:receive_down(Monitor).

