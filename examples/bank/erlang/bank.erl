-module(bank).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([main/0]).
-export_type([done/0, message/0]).
-moduledoc(~" A hundred customers move money between ten accounts at the same time. One
 actor owns the accounts, so no money is made or lost on the way, and a
 customer that dies half-way takes nothing with it.").

-type done() :: any().

-type message() :: {transfer, integer(), integer(), integer(), bank@actor:subject(boolean())} | {balances, bank@actor:subject(list(bank@accounts:account()))} | close.

-file("src/bank.gleam", 114).
-spec careless_customer(bank@actor:subject(message())) -> nil.
careless_customer(Bank) ->
    Request = fun(Reply) ->
        {transfer, 0, 1, 1, Reply}
    end,
    _ = bank_ffi:call(Bank, Request, 5000),
    erlang:exit(~"a lost wallet").

-file("src/bank.gleam", 120).
-spec wait_for(bank@actor:subject(integer()), integer(), integer()) -> integer().
wait_for(Done, Left, Refused) ->
    case Left of
        0 ->
            Refused;

        _ ->
            wait_for(Done, Left - 1, Refused + bank@actor:'receive'(Done))
    end.

-file("src/bank.gleam", 93).
-spec customer(bank@actor:subject(message()), integer(), integer(), integer()) -> integer().
-doc(~" Makes its transfers and answers how many were refused.").
customer(Bank, Number, Transfers, Refused) ->
    case Transfers of
        0 ->
            Refused;

        _ ->
            From = (Number + Transfers) rem 10,
            To = (((Number * 7) + (Transfers * 3)) + 1) rem 10,
            Amount = (Number * Transfers) rem 700,
            Request = fun(Reply) ->
                {transfer, From, To, Amount, Reply}
            end,
            case bank_ffi:call(Bank, Request, 5000) of
                {ok, true} ->
                    customer(Bank, Number, Transfers - 1, Refused);

                _ ->
                    customer(Bank, Number, Transfers - 1, Refused + 1)
            end
    end.

-file("src/bank.gleam", 78).
-spec start_customers(bank@actor:subject(message()), bank@actor:subject(integer()), integer()) -> nil.
start_customers(Bank, Done, Left) ->
    case Left of
        0 ->
            nil;

        _ ->
            erlang:spawn(fun() ->
                bank@actor:send(Done, customer(Bank, Left, 50, 0))
            end),
            start_customers(Bank, Done, Left - 1)
    end.

-file("src/bank.gleam", 57).
-spec handle(list(bank@accounts:account()), message()) -> bank@actor:next(list(bank@accounts:account())).
handle(Open, Message) ->
    case Message of
        {transfer, From, To, Amount, Reply} ->
            case bank@accounts:transfer(Open, From, To, Amount) of
                {ok, Changed} ->
                    bank@actor:send(Reply, true),
                    {continue, Changed};

                {error, nil} ->
                    bank@actor:send(Reply, false),
                    {continue, Open}
            end;

        {balances, Reply@1} ->
            bank@actor:send(Reply@1, Open),
            {continue, Open};

        close ->
            stop
    end.

-file("src/bank.gleam", 27).
-spec main() -> nil.
main() ->
    Bank = bank@actor:start(bank@accounts:open(10, 1000), fun handle/2),
    Done = bank@actor:new_subject(),
    start_customers(Bank, Done, 100),
    Refused = wait_for(Done, 100, 0),
    case bank_ffi:call(Bank, fun(_value) ->
        {balances, _value}
    end, 5000) of
        {ok, Open} ->
            io:put_chars(<<(erlang:integer_to_binary(100))/binary, " customers are done\n"/utf8>>),
            io:put_chars(<<<<"the accounts hold "/utf8, (erlang:integer_to_binary(bank@accounts:total(Open)))/binary>>/binary, "\n"/utf8>>),
            io:put_chars(case Refused > 0 of
                true ->
                    ~"transfers beyond a balance were refused\n";

                false ->
                    ~"no transfer was refused\n"
            end),
            Reason = bank@actor:watch(fun() ->
                careless_customer(Bank)
            end),
            io:put_chars(<<<<"the careless customer ended with "/utf8, Reason/binary>>/binary, "\n"/utf8>>),
            case bank_ffi:call(Bank, fun(_value@1) ->
                {balances, _value@1}
            end, 5000) of
                {ok, After} ->
                    io:put_chars(case bank@accounts:total(After) =:= bank@accounts:total(Open) of
                        true ->
                            ~"the accounts hold the same as before\n";

                        false ->
                            ~"money was lost\n"
                    end),
                    bank@actor:send(Bank, close),
                    case bank_ffi:call(Bank, fun(_value@2) ->
                        {balances, _value@2}
                    end, 5000) of
                        {error, gone} ->
                            io:put_chars(~"the bank is closed\n");

                        _ ->
                            io:put_chars(~"the bank answered after closing\n")
                    end,
                    nil;

                _value@3 ->
                    erlang:error(#{
                        gleam_error => let_assert,
                        message => ~"Pattern match failed, no pattern matched the value.",
                        file => ~"src/bank.gleam",
                        module => ~"bank",
                        function => ~"main",
                        line => 43,
                        value => _value@3,
                        start => 1374,
                        'end' => 1429,
                        pattern_start => 1385,
                        pattern_end => 1394
                    })
            end;

        _value@4 ->
            erlang:error(#{
                gleam_error => let_assert,
                message => ~"Pattern match failed, no pattern matched the value.",
                file => ~"src/bank.gleam",
                module => ~"bank",
                function => ~"main",
                line => 33,
                value => _value@4,
                start => 909,
                'end' => 963,
                pattern_start => 920,
                pattern_end => 928
            })
    end.

