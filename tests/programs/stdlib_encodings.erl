%% base64, uri_string, and hex through the standard library.
-module(stdlib_encodings).
-export([main/0]).

main() ->
    Texts = [<<>>, <<"a">>, <<"ab">>, <<"abc">>, <<0, 255, 128>>, binary:copy(<<"xyz">>, 30)],
    [show([base64:encode(T), base64:decode(base64:encode(T)) =:= T, base64:encode_to_string(T)]) || T <- Texts],
    show(base64:decode("  YW Jj\n")),
    show(try base64:decode(<<"a*b=">>) catch C:_ -> C end),
    show(lists:sort(maps:to_list(maps:with([host, port], uri_string:parse("http://user@example.org:8080/a/b?x=1&y=2#frag"))))),
    show([uri_string:recompose(#{scheme => "https", host => "h", path => "/p"}), uri_string:quote("a b/ü"), uri_string:unquote("a%20b"), uri_string:compose_query([{"k", "v 1"}, {"l", "é"}]), uri_string:dissect_query("a=1&b=%C3%A9")]),
    show([uri_string:normalize("http://a/b/../c"), uri_string:resolve("../x", "http://a/b/c/d"), uri_string:parse("::bad")]).

show(X) -> io:format("~p~n", [X]).
