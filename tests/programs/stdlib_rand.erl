%% The seeded generators give the same sequences as OTP's, to the last bit.
-module(stdlib_rand).
-export([main/0]).

main() ->
    [begin
        S0 = rand:seed_s(Alg, {1, 2, 3}),
        {Ints, S1} = lists:mapfoldl(fun(_, S) -> rand:uniform_s(1000000, S) end, S0, lists:seq(1, 5)),
        {Floats, S2} = lists:mapfoldl(fun(_, S) -> rand:uniform_s(S) end, S1, lists:seq(1, 3)),
        {Normal, S3} = rand:normal_s(S2),
        {Big, _} = rand:uniform_s(1 bsl 100, S3),
        io:format("~w ~w ~w ~w ~w~n", [Alg, Ints, Floats, Normal, Big])
    end || Alg <- [exsss, exro928ss, exrop, exs1024s, exsp]],
    rand:seed(exsss, 42),
    io:format("~w~n", [[rand:uniform(10) || _ <- lists:seq(1, 20)]]),
    {B, _} = rand:bytes_s(10, rand:seed_s(exsss, 7)),
    io:format("~w~n", [B]).
