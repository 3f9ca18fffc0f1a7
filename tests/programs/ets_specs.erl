%% Match specifications: heads, guards with every function, bodies; what is wrong with them.
-module(ets_specs).
-export([main/0]).

main() ->
    heads(),
    guards(),
    bodies(),
    faults(),
    traces(),
    runs().

test(Object, Spec) ->
    Result = erlang:match_spec_test(Object, Spec, table),
    show(Result).

heads() ->
    test({a, b}, [{{'$1', '$2'}, [], ['$$']}]),
    test({a, b}, [{{'$20', '$3'}, [], ['$$']}]),
    test({a, b}, [{'$1', [], ['$1']}]),
    test({a, b}, [{'_', [], [yes]}]),
    test({a, a}, [{{'$1', '$1'}, [], ['$1']}]),
    test({1, 1.0}, [{{'$1', '$1'}, [], ['$1']}]),
    test({1, {2, [3, {4}], #{k => 5}}}, [{{'$1', {'$2', ['$3', {'$4'}], #{k => '$5'}}}, [], ['$$']}]),
    test({1, [a, b, c]}, [{{1, [a | '$1']}, [], ['$1']}]),
    test({1, [a | b]}, [{{1, ['$1' | '$2']}, [], ['$$']}]),
    test({1, #{a => 1, b => 2}}, [{{1, #{a => '$1'}}, [], ['$1']}]),
    test({1, #{a => 1}}, [{{1, #{a => '$1', b => '_'}}, [], ['$1']}]),
    test({1, #{}}, [{{1, #{}}, [], [empty]}]),
    test({1, maps:from_list([{I, I * I} || I <- lists:seq(1, 50)])}, [{{1, #{7 => '$1', 8 => '$2'}}, [], ['$$']}]),
    test({1.5, <<"bin">>, 1 bsl 70, "str"}, [{{1.5, <<"bin">>, 1 bsl 70, "str"}, [], [all]}]),
    test({1}, [{{1.0}, [], [equal]}, {{2}, [], [two]}, {{'$1'}, [{'>', '$1', 0}], [{{last, '$1'}}]}]),
    test({a}, [{{'$1000000'}, [], ['$1000000']}]),
    test({'$01', '$', '$x'}, [{{'$01', '$', '$x'}, [], [names]}]),
    test([], [{[], [], [nil]}]),
    test({}, [{{}, [], ['$_']}]).

guards() ->
    Values = [1, 1.5, a, true, "list", [], {t, 1}, #{k => 1}, <<"bin">>, <<1:3>>, 1 bsl 70],
    Tests = [is_atom, is_float, is_integer, is_list, is_number, is_pid, is_port, is_reference, is_tuple, is_map, is_binary, is_bitstring, is_boolean, is_function],
    show([{Test, [V || V <- Values, {ok, yes, [], []} =:= erlang:match_spec_test({V}, [{{'$1'}, [{Test, '$1'}], [yes]}], table)]} || Test <- Tests]),
    Expressions = [
        {abs, -5}, {element, 2, {{a, b}}}, {hd, [x, y]}, {tl, [x, y]}, {length, [1, 2, 3]}, {max, 1, 2}, {min, 1, 2}, {node},
        {round, 1.6}, {trunc, 1.6}, {float, 1}, {ceil, 1.2}, {floor, 1.8}, {size, {{a, b}}}, {map_size, #{a => 1}}, {map_get, a, #{a => 7}},
        {is_map_key, a, #{a => 7}}, {bit_size, <<1:3>>}, {byte_size, <<"abc">>}, {tuple_size, {{a, b}}}, {binary_part, <<"abcdef">>, 1, 2},
        {binary_part, <<"abcdef">>, {{1, 2}}}, {'+', 1}, {'-', 1}, {'+', 1, 2}, {'-', 1, 2}, {'*', 3, 4}, {'/', 1, 2}, {'div', 7, 2}, {'rem', 7, 2},
        {'band', 12, 10}, {'bor', 12, 10}, {'bxor', 12, 10}, {'bnot', 1}, {'bsl', 1, 70}, {'bsr', 1024, 3}, {'>', 1, 2}, {'>=', 2, 2}, {'<', 1, 2},
        {'=<', 2, 1}, {'=:=', 1, 1.0}, {'==', 1, 1.0}, {'=/=', 1, 1.0}, {'/=', 1, 1.0}, {'not', true}, {'xor', true, false}, {'and', true, true},
        {'and', true, false, true}, {'or', false, true}, {'andalso', true, false}, {'andalso', false, junk}, {'orelse', true, junk}, {'orelse', false, junk},
        {'andalso', true, 17}, {'andthen', true, true}, {is_record, {{rec, 1}}, rec, 2}, {is_function, x, 1}, {self}, {const, {a, '$1', {b}}},
        {hd, []}, {'+', a, 1}, {'and', true, 1}, {'and', 1, false}, {'or', 1, true}, {'andalso', 1, true}, {'orelse', 1, true}, {element, 3, {{a}}}, {length, [a | b]},
        {'/', 1, 0}, {map_get, b, #{}}, {size, 1}
    ],
    [show({E, strip(erlang:match_spec_test({x}, [{{'$1'}, [], [E]}], table)), erlang:match_spec_test({x}, [{{'$1'}, [E], [yes]}], table)}) || E <- Expressions].

%% The own pid differs from run to run.
strip({ok, Pid, Flags, Warnings}) when Pid =:= self() -> {ok, self, Flags, Warnings};
strip(Other) -> Other.

bodies() ->
    O = {1, [a, b], #{k => v}, "s"},
    Head = {'$1', '$2', '$3', '$4'},
    [test(O, [{Head, [], [Body]}]) || Body <- [
        '$_', '$$', '$1', {{'$1', '$2'}}, ['$1', '$2' | '$4'], [a, [b, '$1'], {{c}}], {{}}, #{a => '$1'}, #{1 => '$1', 2 => {{'$2', x}}}, #{'$1' => 1}, #{},
        {const, '$1'}, {const, {x, '$_'}}, [{hd, '$2'} | {tl, '$2'}], {{{hd, []}, ok}}, #{x => {hd, []}}, {map_get, k, '$3'}, 1.5, "text", <<"bin">>, 1 bsl 70,
        {{'$1', '$1', '$_', '$$'}}, [], [{{}}, [], #{}], maps:from_list([{I, '$1'} || I <- lists:seq(1, 40)]), maps:from_list([{{const, I rem 3}, '$1'} || I <- lists:seq(1, 40)])
    ]],
    test(O, [{Head, [], [first, {hd, []}, second]}]),
    test(O, [{Head, [false], [first]}, {Head, [true, {'>', '$1', 5}], [second]}, {'_', [], [third]}]),
    test(O, [{Head, [perhaps], [x]}]).

faults() ->
    [test({a}, Spec) || Spec <- [
        [], x, [x], [{a, b}], [{a, [], [b]} | x], [{'$1', [], []}], [{'$1', [], x}], [{'$1', x, [y]}], [{'$1', [x | y], [y]}], [{'$1', [], [x | y]}],
        [{'$1', [], ['$2']}], [{'$1', [{'==', '$2', '$3'}], [x]}], [{'$1', [], [{x, y}]}], [{'$1', [], [{1, 2}]}], [{'$1', [], [{}]}], [{'$1', [], [{{}, {}}]}],
        [{'$1', [{unknown_function}], [x]}], [{'$1', [{hd}], [x]}], [{'$1', [{hd, 1, 2}], [x]}], [{'$1', [], [{message, x}]}], [{'$1', [], [{return_trace}]}],
        [{'$1', [], [{const}]}], [{'$1', [], [{const, 1, 2}]}], [{'$1', [], [{'and'}]}], [{'$1', [], [{'or'}]}], [{'$1', [], [{'andalso'}]}], [{'$1', [], [{'orelse'}]}],
        [{'$1', [], [{self, x}]}], [{{#{'$1' => 1}}, [], [x]}], [{{#{'_' => 1}}, [], [x]}], [{'$1', [], ['$2', '$3', {foo}]}], [{'$1000', [], ['$2000']}]
    ]],
    T = ets:new(t, []),
    ets:insert(T, {1, 2}),
    show([try F() catch C:R -> {C, R} end || F <- [
        fun() -> ets:select(T, x) end, fun() -> ets:select(T, [x]) end, fun() -> ets:select(T, [{{'$1'}, [], ['$2']}]) end, fun() -> ets:select(T, []) end,
        fun() -> ets:select(T, [], 5) end, fun() -> ets:select(T, [{'_', [], [x]}], 0) end, fun() -> ets:select(x) end, fun() -> ets:select({}) end, fun() -> ets:select({T}) end,
        fun() -> ets:select('$end_of_table') end, fun() -> ets:match_spec_compile([]) end, fun() -> ets:match_spec_compile(x) end, fun() -> ets:is_compiled_ms(x) end,
        fun() -> ets:is_compiled_ms(ets:match_spec_compile([{'_', [], [x]}])) end, fun() -> ets:select_count(T, x) end, fun() -> ets:select_delete(T, x) end, fun() -> ets:select_replace(T, x) end,
        fun() -> ets:match(T, {'$1', '$2'}) end, fun() -> ets:match(T, '_') end, fun() -> ets:match_object(T, {'_', 2}) end, fun() -> element(1, ets:match(T, {'$1', '_'}, 1)) end
    ]]).

traces() ->
    [show(strip(erlang:match_spec_test(Arguments, Spec, trace))) || {Arguments, Spec} <- [
        {[a, b], [{['$1', '$2'], [], []}]}, {[a, b], [{['$1', '$2'], [], [{message, '$1'}]}]}, {[a, b], [{'_', [], [{return_trace}]}]}, {[a, b], [{'$1', [], [{message, '$1'}]}]},
        {[a, b], [{['$1'], [], []}]}, {[a, b], [{['$1', '_'], [{is_atom, '$1'}], [{exception_trace}, {message, {{'$_', {caller}}}}]}]}, {[], [{[], [], [{message, false}]}]},
        {[a], [{[a | b], [], []}]}, {[a], [{x, [], []}]}, {[{1, 2}], [{[{'$1', '$2'}], [{'<', '$1', '$2'}], [{message, {self}}]}]}
    ]],
    show([try F() catch C:R -> {C, R} end || F <- [fun() -> erlang:match_spec_test(x, [], trace) end, fun() -> erlang:match_spec_test([], [], junk) end]]).

runs() ->
    Spec = ets:match_spec_compile([{{'$1', '$2'}, [{'>', '$1', 3}], [{{'$2', '$1'}}]}, {{5, '_'}, [], [five]}]),
    show(ets:match_spec_run([{I, -I} || I <- lists:seq(1, 10)], Spec)),
    show(ets:match_spec_run([], Spec)),
    show(ets:test_ms({1, 2}, [{{'$1', '$2'}, [], ['$2']}])).

show(X) -> io:format("~0p~n", [X]).
