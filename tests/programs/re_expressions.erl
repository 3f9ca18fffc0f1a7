%% Regular expressions: matches, captures of every kind, options, replacing, splitting, errors.
%% otp: 27+
-module(re_expressions).
-export([main/0]).

main() ->
    [show(re:run(Subject, Pattern, Options)) || {Subject, Pattern, Options} <- runs()],
    {ok, Compiled} = re:compile("(?<year>\\d{4})-(?<month>\\d\\d)", [unicode]),
    show(re:inspect(Compiled, namelist)),
    show(re:run("on 2024-05 and 2025-06", Compiled, [global, {capture, all_names, binary}])),
    show(re:compile("a(b")),
    show(re:compile("[z-a]", [caseless])),
    show(re:replace("a-b-c", "-", "<&>", [global, {return, list}])),
    show(re:replace("John Smith", "(\\w+) (\\w+)", "\\2, \\1", [{return, binary}])),
    show(re:replace("abc", "b", fun(Whole, []) -> [Whole, Whole] end, [{return, list}])),
    show(re:split("a, b,,c", ",\\s*", [{return, list}])),
    show(re:split("a1b2c3", "(\\d)", [{return, binary}, {parts, 3}])),
    show(re:split("abc", "", [{return, list}, trim])),
    show(catch_error(fun() -> re:run("a", {re_pattern, 1}) end)),
    show(catch_error(fun() -> re:run("a", "a", [nonsense]) end)),
    show(catch_error(fun() -> re:run([300], "a") end)),
    show(catch_error(fun() -> re:replace("a", "(", "b") end)).

runs() ->
    [{"hello world", "o w", []},
     {"hello world", "(l+)(o)", [{capture, all, list}]},
     {"hello world", "(l+)(o)", [{capture, [2, 1], binary}]},
     {"hello world", "(?<tail>w.*)", [{capture, [tail, none], list}]},
     {"HELLO", "hello", [caseless, {capture, first, list}]},
     {"HELLO", "hello", []},
     {"a\nb\nc", "^.$", [multiline, global, {capture, all, list}]},
     {"a\nb", "a.b", []},
     {"a\nb", "a.b", [dotall]},
     {"aaa", "a*?", [{capture, all, list}]},
     {"aaa", "a", [anchored, {offset, 1}]},
     {"xaaa", "a", [anchored]},
     {"abcabc", "abc", [global, {capture, all, index}]},
     {"ab", "(a)|(b)", [global, {capture, all, list}]},
     {<<"grüße"/utf8>>, "\\w+", [unicode, ucp, {capture, all, list}]},
     {[1076, 1072], [1072], [unicode, {capture, all, index}]},
     {"", "", [notempty]},
     {"x", "(?=x)", [{capture, all, list}]},
     {"foobar", "(?<=foo)bar", [{capture, all, binary}]},
     {"abab", "(ab)\\1", [{capture, none}]},
     {"aXbX", "X$", [dollar_endonly]},
     {"a b", "a b # c", [extended]},
     {["io", <<"list">>, $s], "list", []},
     {lists:duplicate(30, $a), "(a+)+b", [report_errors, {match_limit, 1000}]}].

catch_error(Fun) ->
    try Fun()
    catch error:Reason -> {error, Reason}
    end.

show(Term) ->
    io:format("~tp~n", [Term]).
