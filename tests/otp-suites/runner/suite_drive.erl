%% suite_drive: compiles OTP's suites, runs them under the real erl and natively, writes the report.
%%
%% Arguments: FOLDER SOURCES OTP BEAMRC SELECTION REPORT [AREA | AREA/NAME]... . FOLDER keeps what was
%% compiled and the results; those of erl are used again if they are whole, those of native runs are not. The report
%% tells of all results there are. A run in which nothing happens for long, or which
%% takes too much memory, is killed and goes on behind the case that was under way. What runs is killed
%% with this process.
-module(suite_drive).
-export([main/0]).

-define(CASE_MS, 20000).
-define(SILENCE_MS, 100000).
-define(MEMORY_KIB, 6 * 1024 * 1024).

-record(suite, {area, name, source, folder}).
-record(tools, {folder, sources, otp, beamrc}).

main() ->
    [Folder, Sources, Otp, Beamrc, Selection, Report | Wanted] = init:get_plain_arguments(),
    {ok, Areas} = file:consult(Selection),
    Tools = #tools{folder = Folder, sources = Sources, otp = Otp, beamrc = Beamrc},
    labels_are_right(Tools),
    Suites = [suite(Tools, Area, Name) || {Area, _, In, _, Names} <- Areas, Name <- suite_files(Sources, In, Names)],
    lists:foreach(fun(Suite) -> compared(Suite, Tools) end, [Suite || Suite <- Suites, is_wanted(Suite, Wanted)]),
    suite_report:write(Report, Folder, Areas),
    halt(0).

%% The labels are what keeps cases from being counted: first of all they are looked at themselves.
labels_are_right(#tools{folder = Work} = Tools) ->
    Folder = filename:join(Work, "labelled"),
    ok = filelib:ensure_path(Folder),
    Suite = #suite{name = "labelled_SUITE", source = filename:join(Folder, "labelled_SUITE.erl"), folder = Folder},
    _ = file:delete(filename:join(Folder, "labels")),
    oracle("labels", "suite_labels", Suite, Tools),
    {ok, Terms} = file:consult(filename:join(Folder, "labels")),
    Found = [{Path, Case, Labels} || {done, _, Path, Case, ok, _, _, Labels} <- Terms],
    case labelled_SUITE:labels() of
        Found -> ok;
        Wanted -> say("labels are wrong: ~p are not~n~p", [Found -- Wanted, Wanted -- Found]), halt(1)
    end.

suite_files(Sources, In, Names) ->
    [filename:join([Sources, In, atom_to_list(Name) ++ "_SUITE.erl"]) || Name <- Names].

suite(#tools{folder = Folder}, Area, Source) ->
    Name = filename:basename(Source, ".erl"),
    #suite{area = Area, name = Name, source = Source, folder = filename:join([Folder, Area, Name])}.

is_wanted(_, []) -> true;
is_wanted(#suite{area = Area, name = Name}, Wanted) ->
    In = atom_to_list(Area),
    lists:any(fun(Word) -> Word =:= In orelse Word ++ "_SUITE" =:= In ++ "/" ++ Name end, Wanted).

compared(#suite{area = Area, name = Name, folder = Folder} = Suite, Tools) ->
    say("~s/~s", [Area, Name]),
    ok = filelib:ensure_path(Folder),
    case compiled(Suite, Tools) of
        ok ->
            together([
                fun() -> oracle("erl", "suite_run", Suite, Tools) end,
                fun() -> native(Suite, Tools) end
            ]),
            %% Whether a case is of a closed world matters where the two differ.
            suite_report:differs(Folder) andalso oracle("labels", "suite_labels", Suite, Tools);
        Failed ->
            Failed
    end.

together(Funs) ->
    Monitors = [element(2, spawn_monitor(Fun)) || Fun <- Funs],
    [receive {'DOWN', Monitor, _, _, Why} -> normal = Why end || Monitor <- Monitors].

%% The suite and every helper module that it names, in its own folder.
compiled(#suite{source = Source, name = Name, folder = Folder} = Suite, Tools) ->
    Beam = filename:join(Folder, Name ++ ".beam"),
    case filelib:is_regular(Beam) orelse erlc(Source, Folder, Tools) of
        true -> helpers([Name], [], filename:dirname(Source), Suite, Tools);
        false -> not_compiled
    end.

helpers([], _, _, _, _) ->
    ok;
helpers([Name | Names], Done, Sources, #suite{folder = Folder} = Suite, Tools) ->
    Named = [
        atom_to_list(Atom)
     || Atom <- maps:keys(atoms(filename:join(Folder, Name ++ ".beam"))), Atom =/= ''
    ],
    New = [
        Helper
     || Helper <- Named -- [Name | Done],
        not lists:suffix("_SUITE", Helper),
        not filelib:is_regular(filename:join([Tools#tools.folder, "runner", Helper ++ ".beam"])),
        filelib:is_regular(filename:join(Sources, Helper ++ ".erl"))
    ],
    Made = [
        Helper
     || Helper <- New,
        filelib:is_regular(filename:join(Folder, Helper ++ ".beam")) orelse
            erlc(filename:join(Sources, Helper ++ ".erl"), Folder, Tools)
    ],
    helpers(Names ++ Made, [Name | Done] ++ New, Sources, Suite, Tools).

%% Not those of the atom chunk, which has none of the atoms that stand in literals.
atoms(Beam) ->
    {ok, {_, [{abstract_code, {_, Forms}}]}} = beam_lib:chunks(Beam, [abstract_code]),
    atoms(Forms, #{}).

atoms(Atom, All) when is_atom(Atom) -> All#{Atom => []};
atoms([Head | Tail], All) -> atoms(Tail, atoms(Head, All));
atoms(Tuple, All) when is_tuple(Tuple) -> atoms(tuple_to_list(Tuple), All);
atoms(_, All) -> All.

erlc(Source, Folder, #tools{otp = Otp, sources = Sources, folder = Work}) ->
    Command = [
        Otp ++ "/bin/erlc", "+debug_info", "-I", Sources ++ "/lib", "-I", Sources ++ "/lib/kernel/src", "-I",
        filename:dirname(Source), "-pa", Folder, "-pa", Work ++ "/runner", "-o", Folder, Source
    ],
    case run(Command, Folder, filename:join(Folder, "erlc.log"), fun() -> unlimited end) of
        {exit, 0} -> true;
        Else -> say("  erlc ~s: ~p", [filename:basename(Source), Else]), false
    end.

oracle(Kind, Entry, #suite{folder = Folder} = Suite, #tools{otp = Otp, folder = Work} = Tools) ->
    Results = filename:join(Folder, Kind),
    case last(Results) of
        finished ->
            ok;
        _ ->
            Command = [
                Otp ++ "/bin/erl", "-noshell", "-noinput", "-pa", Work ++ "/runner", "-pa", Folder, "-s", Entry, "-extra"
            ],
            cases(Command, Kind, Suite, Tools)
    end.

native(#suite{folder = Folder, name = Name} = Suite, #tools{beamrc = Beamrc, otp = Otp, folder = Work} = Tools) ->
    Executable = filename:join(Folder, "executable"),
    Beams = filelib:wildcard(Folder ++ "/*.beam"),
    Modules = [filename:basename(Beam, ".beam") || Beam <- Beams],
    StandIns = [Beam || Beam <- filelib:wildcard(Work ++ "/runner/*.beam"), in_native(filename:basename(Beam, ".beam"))],
    Command =
        [Beamrc, "build", "-q", "--allow-missing", "--otp", Otp, "--entry", "suite_run", "-o", Executable] ++
            lists:append([["--keep", Module] || Module <- Modules ++ told_by_traces() ++ subjects(Name, Otp)]) ++ StandIns ++ Beams,
    _ = file:delete(filename:join(Folder, "native")),
    case run(Command, Folder, filename:join(Folder, "build.log"), fun() -> unlimited end) of
        {exit, 0} ->
            cases([Executable], "native", Suite, Tools),
            _ = file:delete(Executable);
        Else ->
            say("  ~s is not built: ~p", [Name, Else])
    end.

%% Suites ask for the texts of errors by the module that a stack trace names.
told_by_traces() -> ["erl_erts_errors", "erl_stdlib_errors", "erl_kernel_errors"].

%% A suite calls functions of the module that it is about by names that only run time knows.
subjects(Name, Otp) ->
    Subjects =
        case Name of
            "sets_SUITE" -> ["sets", "ordsets", "gb_sets"];
            "dict_SUITE" -> ["dict", "orddict", "gb_trees"];
            "select_SUITE" -> ["ets", "dets"];
            "application_SUITE" -> ["application", "application_controller", "erl_parse"];
            "qlc_SUITE" -> ["qlc", "qlc_pt"];
            _ -> [lists:flatten(string:replace(Name, "_SUITE", ""))]
        end,
    [Subject || Subject <- Subjects, filelib:wildcard(Otp ++ "/lib/*/ebin/" ++ Subject ++ ".beam") =/= []].

in_native(Module) -> not lists:member(Module, ["suite_labels", "suite_drive", "suite_report", "labelled_SUITE"]).

%% Runs the suite until it is finished, behind each case that ends the run.
cases(Command, Kind, #suite{folder = Folder} = Suite, Tools) ->
    Results = filename:join(Folder, Kind),
    Scratch = filename:join(Folder, "scratch." ++ Kind),
    _ = file:del_dir_r(Scratch),
    _ = file:delete(Results),
    ok = filelib:ensure_path(filename:join(Scratch, "priv")),
    copy_data(Suite, Scratch),
    _ = cases_behind(0, Command, Results, Scratch, Suite, Tools),
    _ = file:del_dir_r(Scratch),
    ok.

cases_behind(Skip, Command, Results, Scratch, #suite{name = Name} = Suite, Tools) ->
    Arguments = [
        Results, integer_to_list(?CASE_MS), integer_to_list(Skip), data_folder(Suite, Scratch), Scratch ++ "/priv", Name
    ],
    Last = fun() -> {filelib:file_size(Results), filelib:last_modified(Results)} end,
    End = run(Command ++ Arguments, Scratch, Results ++ ".log", Last),
    case last(Results) of
        finished ->
            ok;
        {start, Number, Path, Case} ->
            Why = lists:flatten(io_lib:format("~0p", [End])),
            say("  ~s: ~s in ~p: ~s", [filename:basename(Results), Name, Case, Why]),
            ok = file:write_file(
                Results, io_lib:format("~0p.~n", [{done, Number, Path, Case, crash, 0, Why, []}]), [append]
            ),
            cases_behind(Number, Command, Results, Scratch, Suite, Tools);
        {done, Number, _, _, _, _, _, _} when Number > Skip ->
            cases_behind(Number, Command, Results, Scratch, Suite, Tools);
        Broken ->
            say("  ~s of ~s ends with ~p: ~0P", [filename:basename(Results), Name, End, Broken, 30])
    end.

last(Results) ->
    case file:consult(Results) of
        {ok, [_ | _] = Terms} -> lists:last(Terms);
        _ -> none
    end.

data_folder(#suite{name = Name}, Scratch) -> filename:join(Scratch, Name ++ "_data").

copy_data(#suite{source = Source} = Suite, Scratch) ->
    From = filename:rootname(Source) ++ "_data",
    case filelib:is_dir(From) of
        true -> os:cmd(lists:flatten(["cp -r '", From, "' '", data_folder(Suite, Scratch), "' && chmod -R u+w '", Scratch, $']));
        false -> ok
    end.

%% Runs a program to its end; Progress gives another value whenever it has done something.
run([Program | Arguments], Folder, Log, Progress) ->
    Shell = ["-c", "exec setpriv --pdeathsig KILL -- \"$@\" >>\"$0\" 2>&1 </dev/null", Log, Program | Arguments],
    Port = open_port({spawn_executable, "/bin/sh"}, [{args, Shell}, {cd, Folder}, exit_status, in]),
    {os_pid, Process} = erlang:port_info(Port, os_pid),
    watch(Port, Process, Progress, Progress(), erlang:monotonic_time(millisecond)).

watch(Port, Process, Progress, Before, Since) ->
    receive
        {Port, {exit_status, Status}} -> {exit, Status}
    after 500 ->
        Now = erlang:monotonic_time(millisecond),
        Last = Progress(),
        IsSilent = Last =/= unlimited andalso Now - Since > ?SILENCE_MS,
        case {resident_kib(Process) > ?MEMORY_KIB, Last =:= Before} of
            {true, _} -> killed(Port, Process, too_much_memory);
            {false, true} when IsSilent -> killed(Port, Process, hangs);
            {false, true} -> watch(Port, Process, Progress, Last, Since);
            {false, false} -> watch(Port, Process, Progress, Last, Now)
        end
    end.

killed(Port, Process, Why) ->
    _ = os:cmd("kill -9 " ++ integer_to_list(Process)),
    receive
        {Port, {exit_status, _}} -> Why
    end.

resident_kib(Process) ->
    case file:read_file("/proc/" ++ integer_to_list(Process) ++ "/statm") of
        {ok, Text} ->
            case string:lexemes(Text, " ") of
                [_, Pages | _] -> binary_to_integer(Pages) * 4;
                _ -> 0
            end;
        _ ->
            0
    end.

say(Format, Arguments) -> io:format(Format ++ "~n", Arguments).
