%% Random operations on tables of every sort, with keys that are nearly the same, and tables fixed now and
%% then. What OTP promises no order for is sorted.
%% otp: 27+
-module(ets_random).
-export([main/0]).

-define(OPERATIONS, 400).

main() -> [run(Options, Seed) || Options <- tables(), Seed <- [1, 2, 3]].

tables() ->
    [[set], [ordered_set], [bag], [duplicate_bag], [set, public, {write_concurrency, true}, {read_concurrency, true}], [ordered_set, public, {write_concurrency, true}], [bag, public, {write_concurrency, auto}, compressed], [set, private, compressed, {keypos, 2}], [ordered_set, named_table, {keypos, 2}], [duplicate_bag, {keypos, 2}, {read_concurrency, true}]].

run(Options, Seed) ->
    rand:seed(exsss, {Seed, 2, 3}),
    io:format("~w ~b~n", [Options, Seed]),
    T = ets:new(random, Options),
    operations(T, ets:info(T, type), ets:info(T, keypos), ?OPERATIONS, 0),
    show(sorted(ets:info(T, type), ets:tab2list(T))),
    show([size_of(T, ets:info(T, type)) | [ets:info(T, What) || What <- [type, keypos, protection]]]),
    ets:delete(T).

operations(T, _Type, _Keypos, 0, Fixed) -> [ets:safe_fixtable(T, false) || _ <- lists:seq(1, Fixed)];
operations(T, Type, Keypos, N, Fixed) ->
    case rand:uniform(60) of
        1 when Fixed < 3 ->
            ets:safe_fixtable(T, true),
            operations(T, Type, Keypos, N - 1, Fixed + 1);
        2 when Fixed > 0 ->
            ets:safe_fixtable(T, false),
            operations(T, Type, Keypos, N - 1, Fixed - 1);
        _ ->
            {Name, Arguments} = operation(pick(operations(Type)), Keypos),
            Result = try apply(fun perform/4, [Name, T, Type, Arguments]) catch error:Reason -> {error, Reason} end,
            show({N, Name, Arguments, Result}),
            operations(T, Type, Keypos, N - 1, Fixed)
    end.

operations(ordered_set) -> operations() ++ [first, last, next, prev, next_lookup, select_reverse, slot, walk];
operations(_) -> operations().
operations() ->
    [insert, insert, insert, insert, insert, insert_list, insert_new, insert_new_list, lookup, lookup, lookup, member, lookup_element, lookup_element_default, delete, delete_object, take, update_counter, update_counter, update_counter, update_counter_default, update_counters, update_element, update_elements, update_element_default, match, match_object, match_delete, select, select, select_pages, select_count, select_delete, select_replace, tab2list, size, delete_all].

%% Arguments of an operation.
operation(insert, P) -> {insert, object(P)};
operation(insert_list, P) -> {insert, some(fun() -> object(P) end)};
operation(insert_new, P) -> {insert_new, object(P)};
operation(insert_new_list, P) -> {insert_new, some(fun() -> object(P) end)};
operation(lookup_element, _) -> {lookup_element, [key(), rand:uniform(4)]};
operation(lookup_element_default, _) -> {lookup_element, [key(), rand:uniform(3), none]};
operation(delete_object, P) -> {delete_object, object(P)};
operation(update_counter, _) -> {update_counter, [key(), counter()]};
operation(update_counter_default, P) -> {update_counter, [key(), counter(), whole(P)]};
operation(update_counters, _) -> {update_counter, [key(), some(fun counter/0)]};
operation(update_element, _) -> {update_element, [key(), element()]};
operation(update_elements, _) -> {update_element, [key(), some(fun element/0)]};
operation(update_element_default, P) -> {update_element, [key(), element(), whole(P)]};
operation(Name, P) when Name =:= match; Name =:= match_object; Name =:= match_delete -> {Name, pattern(P)};
operation(select_pages, P) -> {select_pages, [select(P), rand:uniform(5)]};
operation(Name, P) when Name =:= select; Name =:= select_reverse -> {Name, select(P)};
operation(Name, P) when Name =:= select_count; Name =:= select_delete ->
    [{Head, Guards, _}] = select(P),
    {Name, [{Head, Guards, [true]}]};
operation(select_replace, 1) -> {select_replace, [{{'$1', '$2', '$3'}, guards(), [{{'$1', '$3', '$2'}}]}]};
operation(select_replace, 2) -> {select_replace, [{{'$1', '$2', '$3'}, guards(), [{{'$3', '$2', '$1'}}]}]};
operation(Name, _) when Name =:= size; Name =:= tab2list; Name =:= delete_all; Name =:= first; Name =:= last; Name =:= walk -> {Name, none};
operation(slot, _) -> {slot, rand:uniform(12) - 1};
operation(Name, _) -> {Name, key()}.

perform(update_counter, T, _, Arguments) -> apply(ets, update_counter, [T | Arguments]);
perform(update_element, T, _, Arguments) -> apply(ets, update_element, [T | Arguments]);
perform(lookup_element, T, _, Arguments) -> apply(ets, lookup_element, [T | Arguments]);
perform(select_pages, T, Type, [Spec, Limit]) -> sorted(Type, pages(ets:select(T, Spec, Limit)));
perform(size, T, Type, none) -> size_of(T, Type);
perform(delete_all, T, _, none) -> rand:uniform(4) =:= 1 andalso ets:delete_all_objects(T);
perform(walk, T, _, none) -> walk(T, ets:first(T));
perform(Name, T, Type, Argument) when Name =:= match; Name =:= match_object; Name =:= select -> sorted(Type, ets:Name(T, Argument));
perform(Name, T, Type, none) -> sorted(Type, ets:Name(T));
perform(Name, T, _, Argument) -> ets:Name(T, Argument).

%% OTP loses count of bags that are written to while they are fixed.
size_of(T, Type) when Type =:= bag; Type =:= duplicate_bag -> length(ets:tab2list(T));
size_of(T, _) -> ets:info(T, size).

pages('$end_of_table') -> [];
pages({Objects, Continuation}) -> Objects ++ pages(ets:select(Continuation)).

walk(_, '$end_of_table') -> [];
walk(T, Key) -> [Key | walk(T, ets:next(T, Key))].

sorted(ordered_set, Result) -> Result;
%% 1 and 1.0 have no order among themselves, their encodings have.
sorted(_, Result) when is_list(Result) -> [Term || {_, Term} <- lists:sort([{term_to_binary(Term), Term} || Term <- Result])];
sorted(_, Result) -> Result.

object(1) ->
    case rand:uniform(12) of
        1 -> {key()};
        2 -> {key(), value()};
        3 -> {key(), value(), value(), value()};
        _ -> {key(), value(), value()}
    end;
object(2) ->
    case rand:uniform(12) of
        1 -> {key()};
        2 -> {value(), key()};
        _ -> {value(), key(), value()}
    end.

%% A default that is too short for the key crashes OTP 27.
whole(1) -> {key(), value(), value()};
whole(2) -> {value(), key(), value()}.

key() -> case rand:uniform(2) of 1 -> pick([1, 2, 1.0, a]); 2 -> any_key() end.
any_key() -> pick([0, 1, 2, 3, 4, 5, 1.0, 2.0, 0.0, a, b, {}, {1}, {1.0}, {a, 1}, [], [1], "ab", <<>>, <<"key">>, <<1:3>>, #{}, #{a => 1}, #{a => 1.0}, 1 bsl 64, -(1 bsl 64), fun lists:map/2]).
value() -> case rand:uniform(2) of 1 -> rand:uniform(9); 2 -> any_value() end.
any_value() -> pick([0, 1, 2, 10, -5, 1.5, x, y, (1 bsl 59) - 1, 1 bsl 59, -(1 bsl 60), 1 bsl 64, "text", {tuple, [1, 2]}, binary:copy(<<"long">>, 30), #{k => v}]).

counter() ->
    case rand:uniform(5) of
        1 -> increment();
        2 -> {rand:uniform(4), increment(), pick([5, 1 bsl 60, -3]), pick([0, 1 bsl 62])};
        3 -> {rand:uniform(4), increment()};
        _ -> {3, increment()}
    end.
increment() -> pick([1, 1, -1, 7, 0, 1 bsl 59, -(1 bsl 60), 1 bsl 64]).
element() -> {rand:uniform(4), value()}.

pattern(1) -> pick([{'$1', '$2', '_'}, {key(), '$1', '$2'}, {'$1', '_', x}, {'_', '$1', '$1'}, {'$1', value(), '$0'}, {'$1', {tuple, ['$2', '_']}, '_'}, {{'$1'}, '_', '_'}, {#{a => '$1'}, '$2', '_'}, '_', {'$1'}]);
pattern(2) -> pick([{'$1', '$2', '_'}, {'$1', key(), '$2'}, {x, '$1', '_'}, {'$1', '_', '$1'}, {'$3', {'$1'}, '_'}, {'_', #{a => '$1'}, '$2'}, '_']).

select(P) ->
    Head = pick([{'$1', '$2', '$3'}, {'$1', '$2', x}, {'$3', '$1', '$2'}, pick([{key(), '$1', '$2'}, {'$1', key(), '$2'}])]),
    Body = pick(['$_', '$$', {{'$1', '$2'}}, ['$2' | '$1'], {'+', '$2', 1}, {element, P, '$_'}, #{k => '$1'}]),
    [{Head, guards(), [Body]}].
guards() -> pick([[], [{is_integer, '$1'}], [{'>', '$2', 1}], [{'=:=', '$1', '$2'}], [{'==', '$1', 1}], [{'or', {is_atom, '$1'}, {'<', '$2', 3}}], [{'=/=', {'rem', '$2', 3}, 0}], [{'orelse', {'=<', '$1', 2}, {is_list, '$2'}}], [{'>=', {'band', '$2', 3}, 1}, {'/=', '$1', 1}], [{'<', {'-', '$2', 5}, {'+', '$1', 1}}]]).

some(F) -> [F() || _ <- lists:seq(1, rand:uniform(5) - 1)].
pick(List) -> lists:nth(rand:uniform(length(List)), List).

show(Term) -> io:format("~0p~n", [Term]).
