%% The unicode module: conversions between encodings, incomplete and wrong input, normal forms.
-module(bin_unicode).
-export([main/0, id/1]).

main() ->
    show(unicode:characters_to_binary("grün €")),
    show(unicode:characters_to_list(<<"grün €"/utf8>>)),
    show(unicode:characters_to_binary([<<"a">>, 8364, [<<"ö"/utf8>>]], unicode, utf16)),
    show(unicode:characters_to_binary(<<228, 246>>, latin1, utf8)),
    show(unicode:characters_to_binary("äö", unicode, latin1)),
    show(unicode:characters_to_binary([8364], unicode, latin1)),
    show(unicode:characters_to_list(<<"ab", 226, 130>>)),
    show(unicode:characters_to_list(<<"ab", 255, "c">>)),
    show(unicode:characters_to_binary([$a, -1])),
    show(unicode:characters_to_list(<<0, 97, 216, 61, 222, 0>>, utf16)),
    show(unicode:characters_to_nfd_list("é")),
    show(unicode:characters_to_nfc_binary([101, 769])),
    show(unicode:characters_to_nfkc_list([64257])),
    show(unicode:bom_to_encoding(<<239, 187, 191, "x">>)),
    show(try unicode:characters_to_list(id(a)) catch C:R -> {C, R} end).

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
