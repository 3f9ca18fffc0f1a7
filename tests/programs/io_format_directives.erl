%% Every control sequence of io_lib:format with its widths, precisions, padding and modifiers.
-module(io_format_directives).
-export([main/0]).

main() ->
    Cases = [
        {"~w|~p|~W|~P", [[1, "ab"], [1, "ab"], {1, 2, 3, 4}, 3, {1, 2, 3, 4}, 3]},
        {"~s|~10s|~-10s|~.3s|~10.3s|~*s|~10..*s", ["abc", "abc", "abc", "abcdef", "abcdef", 6, "abc", $-, "abc"]},
        {"~ts|~ts|~10ts|", [[8364], <<"€"/utf8>>, "€"]},
        {"~c|~5c|~tc|~3tc", [$a, $b, 8364, 8364]},
        {"~b|~8b|~-8b|~.16b|~.2b|~8..0b|~+b", [42, 42, 42, 255, 5, 42, -1]},
        {"~.16B|~.36B|~8.16.0B|~#|~16#", []},
        {"~x", []},
        {"~.16x|~.16X|~.10#|~.16#", [255, "0x", 255, "0X", 31, 31]},
        {"~e|~.3e|~f|~.2f|~10.3f|~g|~.4g|~10.2e", [1.5, 1.5, 1.5, 1.555, 2.5, 1.0e10, 0.001, 12345.678]},
        {"~f|~.1f|~e", [1.0e15, 0.05, 0.0]},
        {"~~|~n|~i~w", [skipped, shown]},
        {"~5p|~-5p|~20p", [abc, abc, {a, b}]},
        {"~0p|~0tp", [lists:seq(1, 60), lists:seq(1, 60)]},
        {"~tp|~tw|~p|~w", ["€", 'é', "€", 'é']},
        {"~lp|~lw|~ltp", ["abc", "abc", "abc"]},
        {"~30.5.*p", [$., abc]},
        {"plain", []},
        {"~p", []},
        {"~p", [a, b]},
        {"~q", [a]},
        {"~s", [a]},
        {"~s", [[8364]]},
        {"~b", [1.5]},
        {"~f", [a]},
        {"~c", [-1]},
        {"~", []},
        {"~s", [{not_text}]},
        {"~3w", [abcdef]},
        {"~.0f", [2.5]}
    ],
    [io:format("~p~n", [try lists:flatten(io_lib:format(F, A)) catch C:R -> {C, R} end]) || {F, A} <- Cases].
