%% Primes below a limit (the first argument, else 100,000), and with them the
%% factors of a few large numbers.
-module(primes).
-export([main/0]).

main() ->
    Limit = limit(init:get_plain_arguments()),
    Primes = sieve(Limit),
    io:format("~b primes below ~b~n", [length(Primes), Limit]),
    io:format("the last of them: ~w~n", [last(10, Primes)]),
    {Gap, From} = widest_gap(Primes),
    io:format("the widest gap: ~b, after ~b~n", [Gap, From]),
    Numbers = [1 bsl 64 + 1, 600851475143, 20_000_000_089 * 97 * 97, factorial(25) + 1],
    lists:foreach(fun(Number) -> print_factors(Number, Primes) end, Numbers).

limit([]) -> 100_000;
limit([Given | _]) ->
    case string:to_integer(Given) of
        {Limit, []} when Limit >= 10 -> Limit;
        _ ->
            io:format(standard_error, "primes: a limit of 10 or more, not ~ts~n", [Given]),
            halt(2)
    end.

%% The sieve of Eratosthenes over the odd numbers, with a set of those crossed out.
sieve(Limit) ->
    Composite = cross_out(3, Limit, sets:new([{version, 2}])),
    [2 | [Number || Number <- lists:seq(3, Limit - 1, 2), not sets:is_element(Number, Composite)]].

cross_out(Number, Limit, Composite) when Number * Number >= Limit ->
    Composite;
cross_out(Number, Limit, Composite) ->
    case sets:is_element(Number, Composite) of
        true -> cross_out(Number + 2, Limit, Composite);
        false -> cross_out(Number + 2, Limit, multiples(Number * Number, 2 * Number, Limit, Composite))
    end.

multiples(Number, _Step, Limit, Composite) when Number >= Limit ->
    Composite;
multiples(Number, Step, Limit, Composite) ->
    multiples(Number + Step, Step, Limit, sets:add_element(Number, Composite)).

last(Count, List) ->
    lists:nthtail(length(List) - min(Count, length(List)), List).

widest_gap(Primes) ->
    Gaps = [{B - A, -A} || {A, B} <- lists:zip(lists:droplast(Primes), tl(Primes))],
    {Gap, From} = lists:max(Gaps),
    {Gap, -From}.

factorial(Number) -> lists:foldl(fun(Factor, Product) -> Factor * Product end, 1, lists:seq(2, Number)).

print_factors(Number, Primes) ->
    {Factors, Rest} = factors(Number, Primes, []),
    Text = lists:join(" * ", [integer_to_list(Factor) || Factor <- Factors]),
    Tail = case Rest of
        {prime, 1} -> "";
        {prime, Prime} -> [[" * " || Factors =/= []], integer_to_list(Prime)];
        {unknown, Other} -> [[" * " || Factors =/= []], integer_to_list(Other), " (not factored)"]
    end,
    io:format("~b = ~s~s~n", [Number, Text, Tail]).

%% What is left when every square of a known prime exceeds it is a prime itself.
factors(Number, [], Found) -> {lists:reverse(Found), {unknown, Number}};
factors(Number, [Prime | _], Found) when Prime * Prime > Number -> {lists:reverse(Found), {prime, Number}};
factors(Number, [Prime | _] = Primes, Found) when Number rem Prime =:= 0 ->
    factors(Number div Prime, Primes, [Prime | Found]);
factors(Number, [_ | Primes], Found) -> factors(Number, Primes, Found).
