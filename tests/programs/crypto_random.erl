%% The application crypto started, and its generators of random numbers: with a seed they give OTP's numbers.
-module(crypto_random).
-export([main/0]).

main() ->
    show(crypto:start()),
    show(lists:keymember(crypto, 1, application:which_applications())),
    show(crypto:start()),
    show(application:ensure_all_started(crypto)),
    [{Name, Version, Text}] = crypto:info_lib(),
    show([is_binary(Name), is_integer(Version), is_binary(Text)]),
    show(is_map(crypto:info())),
    show(crypto:rand_seed(<<"more">>)),
    {#{type := Type}, _} = crypto:rand_seed(),
    show([Type, rand:uniform(1), is_float(rand:uniform()), rand:uniform(1 bsl 70) > 0]),
    Plain = crypto:rand_seed_s(),
    {Number, Next} = rand:uniform_s(5, Plain),
    show([Number >= 1, Number =< 5, element(2, Next) =:= element(2, Plain)]),
    {#{type := Cached}, _} = crypto:rand_seed_alg(crypto_cache),
    show([Cached, rand:uniform(1), is_float(rand:uniform()), length(lists:usort([rand:uniform(1 bsl 50) || _ <- lists:seq(1, 500)]))]),
    [show(numbers(crypto:rand_seed_alg_s(crypto_aes, Seed), 4)) || Seed <- ["seed", <<"longer seed than a block of it is">>]],
    show(erlang:phash2(numbers(crypto:rand_seed_alg_s(crypto_aes, "seed"), 3000))),
    show(numbers(rand:jump(crypto:rand_seed_alg_s(crypto_aes, "seed")), 3)),
    show(try crypto:rand_seed_alg(nonsense) catch error:Reason -> Reason end).

numbers(_, 0) -> [];
numbers(State, Count) ->
    {Number, Next} = rand:uniform_s(1 bsl 40, State),
    [Number | numbers(Next, Count - 1)].

show(X) -> io:format("~p~n", [X]).
