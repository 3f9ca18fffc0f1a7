-module(bank@accounts).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([open/2, total/1, transfer/4]).
-export_type([account/0]).
-moduledoc(~" The accounts and the one rule about them: a balance is never below zero.").

-type account() :: {account, integer(), integer()}.

-file("src/bank/accounts.gleam", 12).
-spec open_from(integer(), integer(), list(account())) -> list(account()).
open_from(Number, Balance, Open) ->
    case Number < 0 of
        true ->
            Open;

        false ->
            open_from(Number - 1, Balance, [{account, Number, Balance} | Open])
    end.

-file("src/bank/accounts.gleam", 8).
-spec open(integer(), integer()) -> list(account()).
-doc(~" So many accounts, numbered from 0, each with the same balance.").
open(Count, Balance) ->
    open_from(Count - 1, Balance, []).

-file("src/bank/accounts.gleam", 23).
-spec add_up(list(account()), integer()) -> integer().
add_up(Accounts, Sum) ->
    case Accounts of
        [] ->
            Sum;

        [{account, _, Balance} | Rest] ->
            add_up(Rest, Sum + Balance)
    end.

-file("src/bank/accounts.gleam", 19).
-spec total(list(account())) -> integer().
total(Accounts) ->
    add_up(Accounts, 0).

-file("src/bank/accounts.gleam", 43).
-spec change(list(account()), integer(), integer()) -> {ok, list(account())} | {error, nil}.
change(Accounts, Number, Amount) ->
    case Accounts of
        [] ->
            {error, nil};

        [Account | Rest] when erlang:element(2, Account) =:= Number ->
            case erlang:element(3, Account) + Amount of
                Balance when Balance < 0 ->
                    {error, nil};

                Balance@1 ->
                    {ok, [{account, erlang:element(2, Account), Balance@1} | Rest]}
            end;

        [Account@1 | Rest@1] ->
            case change(Rest@1, Number, Amount) of
                {ok, Changed} ->
                    {ok, [Account@1 | Changed]};

                {error, nil} ->
                    {error, nil}
            end
    end.

-file("src/bank/accounts.gleam", 31).
-spec transfer(list(account()), integer(), integer(), integer()) -> {ok, list(account())} | {error, nil}.
-doc(~" Fails when there is no such account or when it holds too little.").
transfer(Accounts, From, To, Amount) ->
    case change(Accounts, From, 0 - Amount) of
        {ok, Taken} ->
            change(Taken, To, Amount);

        {error, nil} ->
            {error, nil}
    end.

