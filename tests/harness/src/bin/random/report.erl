%% Each call of each test, or of the one that the command line names.
run(Modules) ->
    Wanted = init:get_plain_arguments(),
    [call(M, F, Fun, I, Args) || {M, Tests} <- Modules, {F, Fun, Calls} <- Tests(), wanted(M, F, Wanted),
                                 {I, Args} <- lists:zip(lists:seq(0, length(Calls) - 1), Calls)],
    ok.

wanted(_, _, []) -> true;
wanted(M, F, [Name | _]) -> Name =:= lists:concat([M, ":", F]).

call(M, F, Fun, I, Args) ->
    Result = try {value, plain(apply(Fun, Args))}
             catch Class:Reason:Trace -> {Class, plain(Reason), frames(Trace)}
             end,
    flush(),
    Text = unicode:characters_to_binary(io_lib:format("~0tp", [Result])),
    io:format("~s:~s ~b ~ts~n", [M, F, I, shortened(Text)]).

flush() -> receive _ -> flush() after 0 -> ok end.

shortened(Text) when byte_size(Text) < 1500 -> Text;
shortened(Text) -> [string:slice(Text, 0, 300), io_lib:format("... ~b ~b", [byte_size(Text), erlang:phash2(Text)])].

%% What is printed alike everywhere: maps in order, funs without their names.
plain([H | T]) -> [plain(H) | plain(T)];
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain(M) when is_map(M) -> {'#map', plain(lists:sort(maps:to_list(M)))};
plain(F) when is_function(F) -> {'#fun', erlang:fun_info(F, arity)};
plain(P) when is_pid(P) -> '#pid';
plain(X) -> X.

frames([{?MODULE, F, _, _} | _]) when F =:= call -> [];
frames([{M, F, Arity, Where} | T]) ->
    [{M, F, plain(Arity), proplists:get_value(line, Where)} | frames(T)];
frames([]) -> [].
