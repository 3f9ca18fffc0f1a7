%% crypto: the generators that it has for rand; what the one with a seed gives is the same everywhere.
-module(crypto_generators).
-export([main/0]).

main() ->
    {Uniform, State} = rand:uniform_s(10, crypto:rand_seed_s()),
    {Float, _} = rand:uniform_s(State),
    io:format("~w~n", [{Uniform >= 1, Uniform =< 10, Float >= 0.0, Float < 1.0}]),
    [begin
        {Handler, _} = Make(),
        io:format("~p~n", [{maps:get(type, Handler), maps:get(bits, Handler)}]),
        Numbers = [rand:uniform(1000) || _ <- lists:seq(1, 500)],
        io:format("~w~n", [{lists:all(fun(N) -> N >= 1 andalso N =< 1000 end, Numbers), length(lists:usort(Numbers)) > 200}])
     end || Make <- [fun() -> crypto:rand_seed() end, fun() -> crypto:rand_seed_alg(crypto_cache) end]],
    [begin
        First = crypto:rand_seed_alg_s(crypto_aes, Seed),
        {Some, Later} = lists:mapfoldl(fun(_, S) -> rand:uniform_s(1 bsl 58, S) end, First, lists:seq(1, 150)),
        Jumped = rand:jump(Later),
        io:format("~w~n~w~n", [Some, element(1, rand:uniform_s(1 bsl 58, Jumped))])
     end || Seed <- ["seed", <<"another">>]],
    io:format("~p~n", [catch crypto:rand_seed_alg(nonsense)]).
