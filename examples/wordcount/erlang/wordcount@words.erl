-module(wordcount@words).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([length/1, split/1, pad/2]).
-moduledoc(~" Splits a text into lower-case words; a word is what stands between
 spaces and punctuation.").

-file("src/wordcount/words.gleam", 8).
-spec length(binary()) -> integer().
length(Word) ->
    string:length(Word).

-file("src/wordcount/words.gleam", 46).
-spec finish(bitstring(), list(binary())) -> list(binary()).
finish(Word, Found) ->
    case Word of
        <<>> ->
            Found;

        _ ->
            [unicode:characters_to_binary(Word) | Found]
    end.

-file("src/wordcount/words.gleam", 57).
-spec reverse(list(X), list(X)) -> list(X).
reverse(List, Onto) ->
    case List of
        [] ->
            Onto;

        [First | Rest] ->
            reverse(Rest, [First | Onto])
    end.

-file("src/wordcount/words.gleam", 37).
-spec is_separator(bitstring()) -> boolean().
is_separator(Character) ->
    case Character of
        <<" "/utf8>> ->
            true;

        <<"\n"/utf8>> ->
            true;

        <<"\t"/utf8>> ->
            true;

        <<"\r"/utf8>> ->
            true;

        <<"."/utf8>> ->
            true;

        <<","/utf8>> ->
            true;

        <<":"/utf8>> ->
            true;

        <<";"/utf8>> ->
            true;

        <<"!"/utf8>> ->
            true;

        <<"?"/utf8>> ->
            true;

        <<"\""/utf8>> ->
            true;

        <<"("/utf8>> ->
            true;

        <<")"/utf8>> ->
            true;

        _ ->
            false
    end.

-file("src/wordcount/words.gleam", 26).
-spec scan(bitstring(), bitstring(), list(binary())) -> list(binary()).
scan(Text, Word, Found) ->
    case Text of
        <<Character/utf8, Rest/bitstring>> ->
            case is_separator(<<Character/utf8>>) of
                true ->
                    scan(Rest, <<>>, finish(Word, Found));

                false ->
                    scan(Rest, <<Word/bitstring, Character/utf8>>, Found)
            end;

        _ ->
            reverse(finish(Word, Found), [])
    end.

-file("src/wordcount/words.gleam", 10).
-spec split(binary()) -> list(binary()).
split(Text) ->
    scan(<<(string:lowercase(Text))/binary>>, <<>>, []).

-file("src/wordcount/words.gleam", 19).
-spec spaces(integer(), binary()) -> binary().
spaces(Count, Text) ->
    case Count > 0 of
        true ->
            spaces(Count - 1, <<Text/binary, " "/utf8>>);

        false ->
            Text
    end.

-file("src/wordcount/words.gleam", 15).
-spec pad(binary(), integer()) -> binary().
-doc(~" The word followed by as many spaces as it takes to fill the width.").
pad(Word, Width) ->
    <<Word/binary, (spaces(Width - string:length(Word), ~""))/binary>>.

