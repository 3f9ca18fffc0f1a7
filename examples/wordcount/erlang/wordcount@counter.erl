-module(wordcount@counter).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([count/1, ranked/1]).
-export_type([counts/0]).
-moduledoc(~" Counts equal words and ranks them.").

-type counts() :: any().

-file("src/wordcount/counter.gleam", 41).
-spec add_all(list(binary()), counts()) -> counts().
add_all(Words, Counts) ->
    case Words of
        [] ->
            Counts;

        [Word | Rest] ->
            add_all(Rest, maps:put(Word, maps:get(Word, Counts, 0) + 1, Counts))
    end.

-file("src/wordcount/counter.gleam", 27).
-spec count(list(binary())) -> counts().
count(Words) ->
    add_all(Words, maps:new()).

-file("src/wordcount/counter.gleam", 32).
-spec ranked(counts()) -> list({binary(), integer()}).
-doc(~" The most frequent word first; words of one frequency in alphabetical order.").
ranked(Counts) ->
    lists:sort(fun(Left, Right) ->
        (erlang:element(2, Left) > erlang:element(2, Right)) orelse ((erlang:element(2, Left) =:= erlang:element(2, Right)) andalso erlang:'=<'(erlang:element(1, Left), erlang:element(1, Right)))
    end, maps:to_list(Counts)).

