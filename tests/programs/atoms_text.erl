%% Atoms to text and back: quoting, Unicode, the longest, and atoms that exist or do not.
-module(atoms_text).
-export([main/0, id/1]).

main() ->
    Atoms = ['', a, 'A', 'hello world', 'don\'t', 'é', '日本語', '\n', '_x', 'x@y', 'a.b', '1a', 'true', 'end', 'Ünder'],
    [io:format("~w ~p ~tp ~ts ~w ~w~n", [A, A, A, A, atom_to_binary(id(A)), length(atom_to_list(id(A)))]) || A <- Atoms],
    [true = binary_to_atom(atom_to_binary(A)) =:= A || A <- Atoms],
    [true = list_to_existing_atom(atom_to_list(A)) =:= A || A <- Atoms],
    io:format("~w~n", [length(atom_to_list(list_to_atom(lists:duplicate(255, $x))))]),
    io:format("~w~n", [byte_size(atom_to_binary(list_to_atom(lists:duplicate(255, 8364))))]),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end || F <- [
        fun() -> list_to_existing_atom("never_" ++ id("seen")) end,
        fun() -> binary_to_existing_atom(<<"never_", (id(<<"seen">>))/binary>>) end,
        fun() -> list_to_atom(id([a])) end,
        fun() -> list_to_atom(id([-1])) end,
        fun() -> atom_to_binary('é', latin1) end,
        fun() -> atom_to_binary('日', latin1) end,
        fun() -> atom_to_list(id("a")) end
    ]]]),
    io:format("~w~n", [lists:sort(Atoms)]).

id(X) -> X.
