%% The string module on lists and binaries with characters of several code points.
%% otp: 27+
-module(string_module).
-export([main/0]).

main() ->
    show([string:length("abc"), string:length("e\x{301}a"), string:to_graphemes("e\x{301}a")]),
    show([string:uppercase("straße"), string:lowercase("ÄÖ Σ"), string:titlecase("hello"), string:casefold("ẞ")]),
    show([string:split("a-b-c", "-"), string:split("a-b-c", "-", all), string:split(<<"a-b-c">>, "-", trailing), string:lexemes("a, b;c", ", ;")]),
    show([string:trim("  ab "), string:trim("xxabx", leading, "x"), string:trim(<<" a ">>, trailing)]),
    show([string:pad("ab", 5), string:pad("ab", 5, leading, $*), string:pad(<<"ab">>, 6, both)]),
    show([string:find("hello world", "o"), string:find("hello world", "o", trailing), string:find("abc", "x"), string:prefix("hello", "he")]),
    show([string:replace("aXbXc", "X", "--"), string:replace("aXbXc", "X", "--", all), string:slice("hello", 1, 3), string:slice(<<"hello">>, 2)]),
    show([string:reverse("ab\x{301}c"), string:equal("é", "e\x{301}", false, nfc), string:is_empty(""), string:next_codepoint("ab"), string:next_grapheme(<<"e\x{301}x"/utf8>>)]),
    show([string:take("aabbcc", "ab"), string:take("aabbcc", "c", true), string:take("xyaab", "ab", false, trailing), string:chomp("line\r\n"), string:nth_lexeme("a b c", 2, " ")]),
    show([string:jaro_similarity("martha", "marhta"), string:to_integer("  1"), string:concat("a", "b"), string:join(["a", "b"], "+"), string:tokens("a b", " "), string:chr("abc", $b), string:str("abcb", "b"), string:substr("abc", 2)]).

show(X) -> io:format("~tp~n", [X]).
