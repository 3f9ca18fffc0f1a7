%% What explains an error to whoever prints it: OTP's modules for BIFs and stdlib, the module that raised it, another.
-module(errors_explained).
-export([main/0, format_error/2, explain/2]).

main() ->
    Text = list_to_binary([$a, $b]),
    Failing = [
        fun() -> binary_to_atom([Text]) end,
        fun() -> element(Text, {a}) end,
        fun() -> list_to_integer([Text]) end,
        fun() -> atom_to_binary(Text) end,
        fun() -> <<Text:8>> end,
        fun() -> <<1:Text>> end,
        fun() -> lists:keyfind(a, Text, [{a}]) end,
        fun() -> maps:get(Text, #{}) end,
        fun() -> maps:fold(Text, 0, #{}) end,
        fun() -> binary:part(Text, 3, 1) end,
        fun() -> unicode:characters_to_binary(Text, Text) end,
        fun() -> math:sqrt(-byte_size(Text)) end,
        fun() -> ets:lookup(Text, key) end,
        fun() -> ets:insert(ets:new(t, [named_table]), {}) end,
        fun() -> os:getenv(Text) end,
        fun() -> io:format("~p ~p", [Text]) end,
        fun() -> io:format(atom, Text, x) end,
        fun() -> persistent_term:get(Text) end,
        fun() -> atomics:get(Text, 1) end,
        fun() -> error(own, [1, 2], [{error_info, #{}}]) end,
        fun() -> error(named, [1], [{error_info, #{function => explain, cause => here}}]) end
    ],
    lists:foreach(fun print/1, Failing).

print(Fun) ->
    try Fun() of
        Value -> io:format("~p~n", [Value])
    catch
        Class:Reason:Stack ->
            %% Only the call that failed: where the compiler leaves frames is not what this is about.
            Lines = erl_error:format_exception(Class, Reason, [hd(Stack)]),
            io:format("~ts~n", [Lines])
    end.

format_error(own, [{_, _, Arguments, _} | _]) when is_list(Arguments) ->
    #{1 => "the first", 2 => <<"the\nsecond">>};
format_error(own, _) -> #{general => "by itself"}.

explain(named, [{_, _, _, Info} | _]) ->
    #{cause := Cause} = proplists:get_value(error_info, Info),
    #{general => io_lib:format("it happened ~p", [Cause]), reason => "for this reason"}.
