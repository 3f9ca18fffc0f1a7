%% What is called in place of functions and closures that do not exist.
-module(undefined_handlers).
-export([main/0, undefined_function/3, undefined_lambda/3, '$handle_undefined_function'/2]).

main() ->
    Missing = id(no_such_module),
    Calls = [
        fun() -> Missing:none() end,
        fun() -> {in_a_term, Missing:one(1)} end,
        fun() -> apply(Missing, id(three), [1, 2, 3]) end,
        fun() -> [apply(Missing, id(two), id([1, {2}]))] end,
        fun() -> (fun Missing:twelve/12)(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) end,
        fun() -> apply(fun Missing:two/2, [a, b]) end,
        fun() -> {kept(self()), Missing:seven(1, 2, 3, 4, 5, 6, 7)} end,
        %% This module answers for itself.
        fun() -> (id(?MODULE)):none() end,
        fun() -> [apply(id(?MODULE), id(main), [1, 2])] end,
        fun() -> (id(closure()))(1, {two}) end
    ],
    show(default),
    outcomes(Calls),
    process_flag(error_handler, id(?MODULE)),
    show(own),
    outcomes(Calls),
    show(spawned_ones_have_the_default),
    {Process, Monitor} = spawn_monitor(fun() -> exit(outcome(hd(Calls))) end),
    receive {'DOWN', Monitor, process, Process, Why} -> show(Why) end,
    closures().

outcomes(Calls) -> [show(outcome(Call)) || Call <- Calls].

outcome(Call) ->
    try Call() of
        Value -> {value, Value}
    catch
        Class:Reason:Trace ->
            [Called | _] = Trace,
            {Class, Reason, lists:droplast(tuple_to_list(Called))}
    end.

undefined_function(Module, Function, Arguments) -> {undefined, Module, Function, Arguments}.

undefined_lambda(Module, Fun, Arguments) when is_function(Fun) -> {undefined, Module, Arguments}.

'$handle_undefined_function'(Function, Arguments) -> {handled, Function, Arguments}.

%% fun(A, B) -> ... end of a module that is nowhere, which holds {1, 2} and a pid.
closure() ->
    Pid = <<103, 100, 0, 13, "nonode@nohost", 0, 0, 0, 46, 0, 0, 0, 0, 0>>,
    Rest = <<2, 0:128, 0, 0, 0, 3, 0, 0, 0, 1, 100, 0, 7, "nowhere", 97, 3, 98, 5, 244, 197, 144, Pid/binary, 104, 2, 97, 1, 97, 2>>,
    binary_to_term(<<131, 112, (byte_size(Rest) + 4):32, Rest/binary>>).

closures() ->
    Fun = closure(),
    show([is_function(Fun), is_function(Fun, 2), is_function(Fun, 1), Fun =:= closure()]),
    show([erlang:fun_info(Fun, Item) || Item <- [module, arity, index, uniq, name, env, type, new_index]]),
    show(Fun),
    show(binary_to_term(term_to_binary({Fun})) =:= {Fun}),
    show(erlang:phash2(Fun)),
    show(outcome(fun() -> Fun(1) end)).

kept(Process) when is_pid(Process) -> process.

show(X) -> io:format("~w~n", [X]).

id(X) -> X.
