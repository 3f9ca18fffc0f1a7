%% suite_report: writes tests/otp-suites.md from the results of all suites.
%%
%% A case counts if it passes under the real erl and is of a closed world: neither it nor its preparation
%% uses anything that suite_labels gives a label for. Suites without any difference have no labels; all
%% their cases count. Reasons of failing cases that say more than the failure itself stand in the
%% file `reasons`, as {Area, Suite, Case, Reason}; `'_'` is every case of the suite.
-module(suite_report).
-export([write/3, differs/1]).

write(Report, Folder, Areas) ->
    {ok, Head} = file:read_file(filename:join(filename:dirname(Report), "otp-suites/head.md")),
    {ok, Reasons} = file:consult(filename:join(filename:dirname(Report), "otp-suites/reasons")),
    Judged = [
        {Area, Title, Least, [Suite || Name <- Names, Suite <- suite(Folder, Area, atom_to_list(Name) ++ "_SUITE")]}
     || {Area, Title, _, Least, Names} <- Areas
    ],
    Text = [
        Head,
        "\n## Sums\n\n| area | cases | pass on erl | closed world | pass natively | share | wanted |\n| --- | --- | --- | --- | --- | --- | --- |\n",
        [sum(Area) || Area <- Judged],
        [[table(Area), failures(Area, Reasons), prepared(Area)] || Area <- Judged]
    ],
    ok = file:write_file(Report, unicode:characters_to_binary(Text)).

%% [{Name, Cases}], a case being {Path, Case, OnErl, Labels, Natively, Why}; nothing without results.
suite(Folder, Area, Name) ->
    In = fun(Kind) -> results(filename:join([Folder, Area, Name, Kind])) end,
    case In("erl") of
        none ->
            [];
        {OnErl, _} ->
            Labels = element(1, either(In("labels"))),
            {Natively, _} = either(In("native")),
            [
                {Name, [
                    case_of(Key, Outcome, maps:get(Key, Labels, none), maps:get(Key, Natively, none))
                 || {Key, {Outcome, _, _, _}} <- lists:sort(maps:to_list(OnErl))
                ]}
            ]
    end.

%% Whether any case passes under erl and not natively.
differs(Folder) ->
    {OnErl, _} = either(results(filename:join(Folder, "erl"))),
    {Natively, _} = either(results(filename:join(Folder, "native"))),
    Passing = fun(Results) -> [Key || {Key, {ok, _, _, _}} <- maps:to_list(Results)] end,
    Passing(OnErl) -- Passing(Natively) =/= [].

either(none) -> {#{}, []};
either(Results) -> Results.

results(File) ->
    case file:consult(File) of
        {ok, Terms} ->
            Cases = [
                {{Number, Path, Case}, {Outcome, Ms, Why, Labels}}
             || {done, Number, Path, Case, Outcome, Ms, Why, Labels} <- Terms
            ],
            %% A case may stand in a list twice; its number tells one from the other.
            {maps:from_list(Cases), Terms};
        _ ->
            none
    end.

case_of({_, Path, Case}, OnErl, Labelled, Native) ->
    Labels =
        case Labelled of
            none -> [];
            {_, _, _, Found} -> Found
        end,
    {Natively, Why} =
        case Native of
            none -> {missing, ""};
            {Outcome, _, Text, _} -> {Outcome, Text}
        end,
    {Path, Case, OnErl, Labels, Natively, Why}.

counts(Cases) ->
    Passing = [Case || {_, _, ok, _, _, _} = Case <- Cases],
    Closed = [Case || {_, _, _, [], _, _} = Case <- Passing],
    Native = [Case || {_, _, _, _, ok, _} = Case <- Closed],
    [length(Cases), length(Passing), length(Closed), length(Native)].

sum({Area, _, Least, Suites}) ->
    row([atom_to_list(Area)], counts(lists:append([Cases || {_, Cases} <- Suites])), [integer_to_list(Least) ++ " %"]).

table({_, Title, _, Suites}) ->
    [
        "\n## ",
        Title,
        "\n\n| suite | cases | pass on erl | closed world | pass natively | share |\n| --- | --- | --- | --- | --- | --- |\n",
        [row([Name], counts(Cases), []) || {Name, Cases} <- Suites]
    ].

row(First, [_, _, Closed, Native] = Counts, Rest) ->
    Cells = First ++ [integer_to_list(Count) || Count <- Counts] ++ [share(Native, Closed)] ++ Rest,
    ["| ", lists:join(" | ", Cells), " |\n"].

share(_, 0) -> "";
share(Native, Closed) -> io_lib:format("~.1f %", [Native * 100 / Closed]).

failures({Area, _, _, Suites}, Reasons) ->
    case [line(Area, Name, Case, Reasons) || {Name, Cases} <- Suites, Case <- Cases, is_failure(Case)] of
        [] -> "";
        Lines -> ["\nWhat passes on erl and not natively:\n\n", Lines]
    end.

is_failure({_, _, OnErl, Labels, Natively, _}) -> OnErl =:= ok andalso Labels =:= [] andalso Natively =/= ok.

line(Area, Suite, {Path, Case, _, _, Natively, Why}, Reasons) ->
    In = [[atom_to_list(Group), "/"] || Group <- Path],
    Told = [
        Text
     || {A, S, C, Text} <- Reasons, A =:= Area, atom_to_list(S) ++ "_SUITE" =:= Suite, C =:= '_' orelse C =:= Case
    ],
    ["- `", Suite, ":", In, atom_to_list(Case), "`: ",
        case Told of
            [Reason | _] -> Reason;
            [] -> [atom_to_list(Natively), " ", clean(Why)]
        end,
        "\n"].

%% Cases that keep to a closed world themselves and whose preparation does not.
prepared({_, _, _, Suites}) ->
    Lines = [
        ["- `", Name, "`: ", lists:join(", ", [io_lib:format("~b for ~s", [Count, Why]) || {Why, Count} <- Counts]), "\n"]
     || {Name, Cases} <- Suites,
        Counts <- [counted([Labels || {_, _, ok, [{preparation, _} | _] = Labels, _, _} <- Cases])],
        Counts =/= []
    ],
    case Lines of
        [] -> "";
        _ -> ["\nNot counted because of what prepares them:\n\n", Lines]
    end.

%% How often each set of labels occurs.
counted(All) ->
    Texts = [lists:join(" and ", [atom_to_list(Label) || {preparation, Label} <- Labels]) || Labels <- All],
    [{Text, length(Same)} || {Text, Same} <- lists:sort(maps:to_list(maps:groups_from_list(fun lists:flatten/1, Texts)))].

%% Without stack traces, and the folders of files, which are those of one machine.
clean("") ->
    "";
clean(Why) ->
    Short = re:replace(Why, "/[^\" ]*/|,\\[{.*", "", [global, unicode, {return, list}]),
    ["`", [if C =:= $`; C < 32 -> $'; true -> C end || C <- lists:sublist(Short, 150)], "`"].
