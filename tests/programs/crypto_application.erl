%% The application crypto started; what it says of itself; a seed for the system's generator.
-module(crypto_application).
-export([main/0]).

main() ->
    show(crypto:start()),
    show(lists:keymember(crypto, 1, application:which_applications())),
    show(crypto:start()),
    show(application:ensure_all_started(crypto)),
    [{Name, Version, Text}] = crypto:info_lib(),
    show([is_binary(Name), is_integer(Version), is_binary(Text)]),
    show(is_map(crypto:info())),
    show(crypto:rand_seed(<<"more">>)).

show(X) -> io:format("~p~n", [X]).
