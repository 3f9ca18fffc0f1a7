%% io_lib apart from format: write_string, quoting, deep lists and scanning of formats.
-module(io_lib_functions).
-export([main/0]).

main() ->
    show([io_lib:write_string("a\"b"), io_lib:write_char($\n), io_lib:write_atom('a b'), io_lib:write_latin1_string("x")]),
    show([io_lib:printable_list("abc"), io_lib:printable_list([1]), io_lib:printable_unicode_list([8364]), io_lib:char_list([a]), io_lib:deep_char_list(["a", ["b"]])]),
    show([io_lib:nl(), io_lib:indentation("ab\nc", 0)]),
    show(io_lib:fread("~d ~s ~f", "12 abc 1.5 rest")),
    show(io_lib:fread("~d-~u", "1-x")),
    show(lists:flatten(io_lib:format("~s", [io_lib:format("~p", [x])]))),
    show(lists:flatten(io_lib:write([1, {2, "3"}], 3))),
    show([M || {M, _} <- [{line_length, 0}]]).

show(X) -> io:format("~p~n", [X]).
