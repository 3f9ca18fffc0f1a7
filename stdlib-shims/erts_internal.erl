%% Natives of other nodes' processes: without distribution there is no connection to any.
-module(erts_internal).

-export([dist_spawn_request/4]).

%% The caller gets the reply that OTP's emulator sends when a connection cannot be made.
dist_spawn_request(Node, _Function, _Options, _Type) when not is_atom(Node) ->
    badarg;
dist_spawn_request(_Node, _Function, Options, Type) ->
    Ref = make_ref(),
    case Type of
        spawn_opt ->
            self() ! {spawn_reply, Ref, error, noconnection},
            {Ref, lists:any(fun is_monitor/1, Options)};
        spawn_request ->
            case lists:keyfind(reply, 1, Options) of
                {_, Kind} when Kind =:= no; Kind =:= success_only -> ok;
                _ -> self() ! {tag(Options), Ref, error, noconnection}
            end,
            Ref
    end.

is_monitor(monitor) -> true;
is_monitor({monitor, _}) -> true;
is_monitor(_) -> false.

tag(Options) ->
    case lists:keyfind(reply_tag, 1, Options) of
        {_, Tag} -> Tag;
        false -> spawn_reply
    end.
