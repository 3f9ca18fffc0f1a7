%% Regular expressions: captures, names, all matches, replacing and splitting, characters, failures.
%% otp: 27+
-module(regular_expressions).
-export([main/0]).
main() ->
    S = fun(X) -> io:format("~tp~n", [X]) end,
    S(re:run("hello world", "o (w)")),
    S(re:run("hello world", "o", [global])),
    S(re:run("hello", "(?<x>l)(?<y>l)", [{capture, [y, "x", 0, z, 7], binary}])),
    S(re:run("hello", "(?<x>l)(?<y>l)", [{capture, all_names, list}])),
    S(re:run("hello", "(?<x>l)(?<y>l)", [{capture, none}])),
    {ok, M} = re:compile("(a)|(b)", [caseless]),
    S([element(N, M) || N <- [1,2,3,4]]),
    S(re:run("xB", M)),
    S(re:run("xB", M, [{capture, all_but_first}])),
    S(re:inspect(element(2, re:compile("(?<x>l)(?<y>l)")), namelist)),
    S(re:replace("hello world", "o", "[&]", [global, {return, list}])),
    S(re:replace("hello world", "(o) (w)", "\\2\\1", [{return, binary}])),
    S(re:replace("hello world", "l+", fun(A, B) -> [A, integer_to_list(length(B))] end, [global, {return, list}])),
    S(re:split("a,b,,c", ",", [{return, list}])),
    S(re:split("a,b,,c,,", "(,)", [{return, list}, trim])),
    S(re:run("\x{e5}\x{e4}\x{f6}", "ä", [unicode])),
    S(re:run("\x{e5}\x{e4}\x{f6}", "Ä", [unicode, caseless, {capture, all, list}])),
    S(re:run(<<"\x{e5}\x{e4}\x{f6}"/utf8>>, "\\w+", [unicode, ucp, {capture, all, binary}])),
    S(re:split("å,ä", ",", [unicode, {return, list}])),
    S(catch re:run(<<255>>, "x", [unicode])), S(catch re:run("a", "(")), S(catch re:run("a", "a", [bad])), S(catch re:compile("a", [global])), S(catch re:compile({a})), S(catch re:run(a, "a")), S(catch re:run("å", b, [unicode])), S(catch re:run([1000], "a", [unicode, bad])),
    [S({P, catch re:compile(P)}) || P <- ["(", ")", "*a", "[", "a{2,1}", "(?<n>a)(?<n>b)", "\\", "(?z)", "[z-a]", "(?<=a*)b", "\\p{Foo}"], is_error(re:compile(P))],
    [S(re:run("a\r\nb\nc", "^.*$", [multiline, global, {capture, all, list} | O])) || O <- [[], [{newline, cr}], [{newline, crlf}], [{newline, any}]]],
    [S(re:run("aBc", "b", O)) || O <- [[caseless], [anchored], [{offset, 2}], [caseless, firstline], [notempty]]],
    S(re:run("aaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)*$", [{match_limit, 100}, report_errors])),
    S(re:run("aaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)*$", [{match_limit, 100}])),
    S(re:run("x", "(", [report_errors])),
    S(re:run(<<"abcd">>, "(?<A>b)|(?<A>c)", [dupnames, global, {capture, ['A'], binary}])),
    S(re:run("a.b", "a\\.b")),
    S(re:replace(<<"aXbXc"/utf8>>, "X", "\x{20ac}", [global, unicode, {return, list}])),
    S(re:split("The quick  brown", "\\s+", [{parts, 2}, {return, list}])),
    S([catch re:inspect(foo, namelist), is_binary(re:version())]),
    ok.

is_error({error, {_, _}}) -> true;
is_error({ok, _}) -> false.
