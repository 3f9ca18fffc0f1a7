%% binary_to_term refuses truncated and malformed input with badarg, and unknown atoms when safe.
-module(etf_errors).
-export([main/0]).

main() ->
    Good = term_to_binary({a, [1, 2.5, "text", <<"binary">>], #{k => 1 bsl 80}}),
    Cut = [binary:part(Good, 0, N) || N <- lists:seq(0, byte_size(Good) - 1)],
    [{error, badarg} = outcome(B, []) || B <- Cut],
    io:format("~w cuts refused~n", [length(Cut)]),
    Odd = [<<131, 255>>, <<130, 97, 1>>, <<131, 100, 0, 5, "ab">>, <<131, 108, 0, 0, 0, 9, 97, 1>>, <<131, 104, 3, 97, 1>>, <<131, 109, 255, 255, 255, 255>>, <<131, 70, 127, 240, 0, 0, 0, 0, 0, 0>>, a],
    [io:format("~w~n", [outcome(B, [])]) || B <- Odd],
    Name = <<"no_such_atom_in_this_program">>,
    New = <<131, 119, (byte_size(Name)), Name/binary>>,
    io:format("~w~n", [outcome(New, [safe])]),
    io:format("~w~n", [outcome(term_to_binary([ok, error]), [safe])]).

outcome(Binary, Options) ->
    try {ok, binary_to_term(Binary, Options)}
    catch Class:Reason -> {Class, Reason}
    end.
