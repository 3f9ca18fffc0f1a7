%% suite_run: runs the cases of an OTP test suite, without Common Test.
%%
%% Arguments: RESULTS LIMIT-MS SKIP DATA-DIR PRIV-DIR SUITE [CASE...]. What happens is appended to the
%% file RESULTS, a line of Erlang terms each time: `{start, N, Path, Case}` before a case, `{done, N,
%% Path, Case, Outcome, Milliseconds, Why}` after it, `finished` at the end. The first SKIP cases
%% are left out, so that a run that was killed goes on behind the case that killed it.
%%
%% Cases run one after another, each in a process of its own and once: the properties of groups
%% (parallel, repeat, shuffle) mean nothing here. A suite is called only by its exports. As with Common
%% Test, whatever is still linked to a case or to a configuration function goes down with it.
-module(suite_run).
-export([main/0, start/0, run/2]).

%% Common Test takes time between two cases, in which what was told to end does so.
-define(PAUSE_MS, 10).

%% The labels are those of the preparation so far: of the suite and the groups around.
-record(run, {suite, results, limit, skip, only, around, output, labels = []}).

%% As `erl -s` starts it: init goes on meanwhile.
start() -> spawn(fun main/0).

main() -> run(init:get_plain_arguments(), fun(_Process) -> fun() -> [] end end).

%% Around is called with the process that is going to run a case or a configuration function; what it
%% returns is called afterwards and gives labels. What prepares a case labels it as {preparation, Label}.
run([Results | _] = Arguments, Around) ->
    try
        suite(Arguments, Around)
    catch
        Class:Reason:Trace ->
            note({broken, Class, Reason, Trace}, #run{results = Results}),
            halt(1)
    end.

suite([Results, Limit, Skip, Data, Priv, Name | Only], Around) ->
    Suite = list_to_atom(Name),
    Run = #run{
        suite = Suite,
        results = Results,
        limit = list_to_integer(Limit),
        skip = list_to_integer(Skip),
        only = [list_to_atom(Case) || Case <- Only],
        around = Around,
        output = suite_output:start()
    },
    put(number, 0),
    Config = [{data_dir, Data ++ "/"}, {priv_dir, Priv ++ "/"}],
    Items = Suite:all(),
    Groups = optional(Suite, groups, [], []),
    within(init_per_suite, [Config], end_per_suite, [], Config, Run, fun
        ({go, InSuite}, Prepared) -> items(Items, InSuite, Groups, [], Prepared);
        ({no, Outcome, Why}, Prepared) -> all_are(Items, Groups, [], Outcome, Why, Prepared)
    end),
    note(finished, Run),
    halt(0).

optional(Suite, Function, Arguments, Default) ->
    case erlang:function_exported(Suite, Function, length(Arguments)) of
        true -> apply(Suite, Function, Arguments);
        false -> Default
    end.

%% Calls Body between the configuration functions Before and After, whose last argument is the
%% configuration.
within(Before, Arguments, After, Prefix, Config, #run{labels = Outer} = Run, Body) ->
    {Outcome, Labels} = configured(Before, Arguments, Config, Run),
    Body(Outcome, Run#run{labels = lists:usort(Outer ++ [{preparation, Label} || Label <- Labels])}),
    case Outcome of
        {go, Inside} -> configured(After, Prefix ++ [Inside], Inside, Run);
        _ -> ok
    end,
    ok.

configured(Function, Arguments, Config, #run{suite = Suite} = Run) ->
    case erlang:function_exported(Suite, Function, length(Arguments)) of
        false ->
            {{go, Config}, []};
        true ->
            {Outcome, Labels} = watched(fun() -> apply(Suite, Function, Arguments) end, Run),
            {
                case Outcome of
                    {value, [_ | _] = New} -> {go, New};
                    {value, {Skip, Why}} when Skip =:= skip; Skip =:= skipped -> {no, skip, Why};
                    {value, {fail, Why}} -> {no, fail, Why};
                    {value, _} -> {go, Config};
                    {raised, Why} -> {no, fail, {Function, Why}};
                    too_long -> {no, timeout, Function}
                end,
                Labels
            }
    end.

items({skip, Why}, _, _, Path, Run) ->
    report(next(), Path, all, skip, 0, Why, [], Run);
items(Items, Config, Groups, Path, Run) ->
    lists:foreach(fun(Item) -> item(kind(Item, Groups), Config, Groups, Path, Run) end, Items).

item({testcase, Case}, Config, _, Path, Run) ->
    testcase(next(), Case, Config, Path, Run);
item({group, Name, Items}, Config, Groups, Path, Run) ->
    within(init_per_group, [Name, Config], end_per_group, [Name], Config, Run, fun
        ({go, InGroup}, Prepared) -> items(Items, InGroup, Groups, Path ++ [Name], Prepared);
        ({no, Outcome, Why}, Prepared) -> all_are(Items, Groups, Path ++ [Name], Outcome, Why, Prepared)
    end).

%% The cases that a configuration function kept from running.
all_are(Items, Groups, Path, Outcome, Why, Run) when is_list(Items) ->
    lists:foreach(
        fun(Item) ->
            case kind(Item, Groups) of
                {testcase, Case} -> report(next(), Path, Case, Outcome, 0, Why, [], Run);
                {group, Name, In} -> all_are(In, Groups, Path ++ [Name], Outcome, Why, Run)
            end
        end,
        Items
    );
all_are(_, _, _, _, _, _) ->
    ok.

kind(Case, _) when is_atom(Case) -> {testcase, Case};
kind({testcase, Case, _}, _) -> {testcase, Case};
kind({group, Name}, Groups) -> named(Name, Groups);
kind({group, Name, _}, Groups) -> named(Name, Groups);
kind({group, Name, _, _}, Groups) -> named(Name, Groups);
kind({Name, _Properties, Items}, _) -> {group, Name, Items};
kind({Name, Items}, _) -> {group, Name, Items}.

named(Name, Groups) -> {group, Name, lists:last(tuple_to_list(lists:keyfind(Name, 1, Groups)))}.

next() ->
    Number = get(number) + 1,
    put(number, Number),
    Number.

testcase(Number, Case, Config, Path, #run{skip = Skip, only = Only} = Run) ->
    case Number > Skip andalso (Only =:= [] orelse lists:member(Case, Only)) of
        false ->
            ok;
        true ->
            note({start, Number, Path, Case}, Run),
            Before = erlang:processes(),
            Start = erlang:monotonic_time(millisecond),
            {{Outcome, Why}, Labels} = one(Case, Config, Run),
            Milliseconds = erlang:monotonic_time(millisecond) - Start,
            %% What a case that hangs has started would slow the next ones down.
            Outcome =:= timeout andalso
                [exit(Process, kill) || Process <- erlang:processes() -- Before],
            report(Number, Path, Case, Outcome, Milliseconds, Why, Labels, Run),
            timer:sleep(?PAUSE_MS)
    end.

one(Case, Config, #run{suite = Suite} = Run) ->
    Body = fun() ->
        case prepared(Suite, Case, Config) of
            {go, InCase} ->
                Result = judged(Suite, Case, InCase),
                ended(Suite, Case, InCase, Result);
            No ->
                No
        end
    end,
    {Ended, Labels} = watched(Body, Run),
    Result =
        case Ended of
            {value, Outcome} -> Outcome;
            {raised, Why} -> ended_late(Suite, Case, Config, Run, {fail, Why});
            too_long -> ended_late(Suite, Case, Config, Run, {timeout, ''})
        end,
    {Result, Labels}.

%% Fun in a process of its own, and its labels.
watched(Fun, #run{around = Around} = Run) ->
    Me = self(),
    Tag = make_ref(),
    Outcome = apart(
        fun() ->
            Me ! {Tag, Around(self())},
            Fun()
        end,
        Run
    ),
    receive
        {Tag, Labels} -> {Outcome, Labels()}
    end.

prepared(Suite, Case, Config) ->
    try optional(Suite, init_per_testcase, [Case, Config], Config) of
        InCase when is_list(InCase) -> {go, InCase};
        {Skip, Why} when Skip =:= skip; Skip =:= skipped -> {skip, Why};
        {fail, Why} -> {fail, {init_per_testcase, Why}}
    catch
        Class:Reason:Trace -> {fail, {init_per_testcase, Class, Reason, Trace}}
    end.

judged(Suite, Case, Config) ->
    try Suite:Case(Config) of
        {Skip, Why} when Skip =:= skip; Skip =:= skipped -> {skip, Why};
        {skip_and_save, Why, _} -> {skip, Why};
        {Fail, Why} when Fail =:= fail; Fail =:= failed; Fail =:= 'EXIT' -> {fail, {returned, Why}};
        _ -> {ok, ''}
    catch
        Class:Reason:Trace -> {fail, {Class, Reason, Trace}}
    end.

ended(Suite, Case, Config, {Outcome, _} = Result) ->
    try optional(Suite, end_per_testcase, [Case, [{tc_status, Outcome} | Config]], ok) of
        {fail, Why} when Outcome =:= ok -> {fail, {end_per_testcase, Why}};
        _ -> Result
    catch
        _:_ -> Result
    end.

ended_late(Suite, Case, Config, Run, Result) ->
    _ = apart(fun() -> ended(Suite, Case, Config, Result) end, Run),
    Result.

%% Fun in a process of its own, for as long as a case may take.
apart(Fun, #run{limit = Limit, output = Output}) ->
    Me = self(),
    Tag = make_ref(),
    {Process, Monitor} = spawn_monitor(fun() ->
        group_leader(Output, self()),
        Me !
            {Tag,
                try
                    {value, Fun()}
                catch
                    Class:Reason:Trace -> {raised, {Class, Reason, Trace}}
                end},
        exit({done, Tag})
    end),
    receive
        {Tag, Outcome} ->
            demonitor(Monitor, [flush]),
            Outcome;
        {'DOWN', Monitor, process, Process, Why} ->
            receive
                {Tag, Outcome} -> Outcome
            after 0 -> {raised, {exit_signal, Why}}
            end
    after Limit ->
        exit(Process, kill),
        receive
            {'DOWN', Monitor, process, Process, _} -> ok
        after 5000 -> ok
        end,
        receive
            {Tag, _} -> ok
        after 0 -> ok
        end,
        too_long
    end.

report(Number, _, _, _, _, _, _, #run{skip = Skip}) when Number =< Skip -> ok;
report(Number, Path, Case, Outcome, Milliseconds, Why, Labels, #run{labels = Prepared} = Run) ->
    note({done, Number, Path, Case, Outcome, Milliseconds, text(Why), Labels ++ Prepared}, Run).

text('') -> "";
text({Class, Reason, [{Module, Function, _, Info} | _]}) when is_list(Info) ->
    Line = proplists:get_value(line, Info, 0),
    lists:flatten([text({Class, Reason}), io_lib:format(" in ~s:~s, line ~b", [Module, Function, Line])]);
text(Why) ->
    lists:sublist(lists:flatten(io_lib:format("~0tP", [Why, 30])), 300).

note(Term, #run{results = File}) ->
    Line = unicode:characters_to_binary(io_lib:format("~0tp.~n", [Term])),
    ok = file:write_file(File, Line, [append]).
