-module(wordcount).
-compile([no_auto_import, nowarn_ignored, nowarn_unused_vars, nowarn_unused_function, nowarn_nomatch, inline]).
-export([main/0]).
-export_type([done/0, charlist/0]).
-moduledoc(~" How often each word occurs in the program's arguments, most frequent first.
 Without arguments it counts the words of a sample.").

-type done() :: any().

-type charlist() :: any().

-file("src/wordcount.gleam", 73).
-spec totals(list({binary(), integer()}), integer(), integer()) -> {integer(), integer()}.
totals(Counts, Different, Total) ->
    case Counts of
        [] ->
            {Different, Total};

        [{_, Count} | Rest] ->
            totals(Rest, Different + 1, Total + Count)
    end.

-file("src/wordcount.gleam", 63).
-spec print_all(list({binary(), integer()}), integer()) -> nil.
print_all(Counts, Width) ->
    case Counts of
        [] ->
            nil;

        [{Word, Count} | Rest] ->
            io:put_chars(<<<<<<(wordcount@words:pad(Word, Width))/binary, "  "/utf8>>/binary, (erlang:integer_to_binary(Count))/binary>>/binary, "\n"/utf8>>),
            print_all(Rest, Width)
    end.

-file("src/wordcount.gleam", 52).
-spec widest(list({binary(), integer()}), integer()) -> integer().
widest(Counts, Width) ->
    case Counts of
        [] ->
            Width;

        [{Word, _} | Rest] ->
            case string:length(Word) of
                Length when Length > Width ->
                    widest(Rest, Length);

                _ ->
                    widest(Rest, Width)
            end
    end.

-file("src/wordcount.gleam", 45).
-spec join(list(charlist()), binary()) -> binary().
join(Parts, Text) ->
    case Parts of
        [] ->
            Text;

        [Part | Rest] ->
            join(Rest, <<<<Text/binary, " "/utf8>>/binary, (unicode:characters_to_binary(Part))/binary>>)
    end.

-file("src/wordcount.gleam", 27).
-spec main() -> nil.
main() ->
    Text = case init:get_plain_arguments() of
        [] ->
            ~"The cat sat on the mat. The dog sat on the log, and the frog
sat on the dog: what a sight! Le café était fermé, mais le chat était là.";

        Given ->
            join(Given, ~"")
    end,
    Counts = wordcount@counter:ranked(wordcount@counter:count(wordcount@words:split(Text))),
    Width = widest(Counts, 0),
    print_all(Counts, Width),
    {Different, Total} = totals(Counts, 0, 0),
    io:put_chars(<<<<<<(erlang:integer_to_binary(Total))/binary, " words, "/utf8>>/binary, (erlang:integer_to_binary(Different))/binary>>/binary, " different\n"/utf8>>),
    nil.

