//// How often each word occurs in the program's arguments, most frequent first.
//// Without arguments it counts the words of a sample.

import wordcount/counter
import wordcount/words

type Done

type Charlist

@external(erlang, "io", "put_chars")
fn put_chars(text: String) -> Done

@external(erlang, "init", "get_plain_arguments")
fn arguments() -> List(Charlist)

@external(erlang, "unicode", "characters_to_binary")
fn to_string(characters: Charlist) -> String

@external(erlang, "erlang", "integer_to_binary")
fn int_to_string(number: Int) -> String

const sample =
  "The cat sat on the mat. The dog sat on the log, and the frog
sat on the dog: what a sight! Le café était fermé, mais le chat était là."

pub fn main() -> Nil {
  let text = case arguments() {
    [] -> sample
    given -> join(given, "")
  }
  let counts = counter.ranked(counter.count(words.split(text)))
  let width = widest(counts, 0)
  print_all(counts, width)
  let #(different, total) = totals(counts, 0, 0)
  put_chars(
    int_to_string(total)
    <> " words, "
    <> int_to_string(different)
    <> " different\n",
  )
  Nil
}

fn join(parts: List(Charlist), text: String) -> String {
  case parts {
    [] -> text
    [part, ..rest] -> join(rest, text <> " " <> to_string(part))
  }
}

fn widest(counts: List(#(String, Int)), width: Int) -> Int {
  case counts {
    [] -> width
    [#(word, _), ..rest] ->
      case words.length(word) {
        length if length > width -> widest(rest, length)
        _ -> widest(rest, width)
      }
  }
}

fn print_all(counts: List(#(String, Int)), width: Int) -> Nil {
  case counts {
    [] -> Nil
    [#(word, count), ..rest] -> {
      put_chars(words.pad(word, width) <> "  " <> int_to_string(count) <> "\n")
      print_all(rest, width)
    }
  }
}

fn totals(
  counts: List(#(String, Int)),
  different: Int,
  total: Int,
) -> #(Int, Int) {
  case counts {
    [] -> #(different, total)
    [#(_, count), ..rest] -> totals(rest, different + 1, total + count)
  }
}
