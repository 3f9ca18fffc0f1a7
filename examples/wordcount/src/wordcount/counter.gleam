//// Counts equal words and ranks them.

/// An Erlang map from words to how often they occurred.
pub type Counts

@external(erlang, "maps", "new")
fn empty() -> Counts

@external(erlang, "maps", "get")
fn get(word: String, counts: Counts, default: Int) -> Int

@external(erlang, "maps", "put")
fn put(word: String, count: Int, counts: Counts) -> Counts

@external(erlang, "maps", "to_list")
fn to_list(counts: Counts) -> List(#(String, Int))

@external(erlang, "lists", "sort")
fn sort(
  in_order: fn(#(String, Int), #(String, Int)) -> Bool,
  counts: List(#(String, Int)),
) -> List(#(String, Int))

@external(erlang, "erlang", "=<")
fn not_after(left: String, right: String) -> Bool

pub fn count(words: List(String)) -> Counts {
  add_all(words, empty())
}

/// The most frequent word first; words of one frequency in alphabetical order.
pub fn ranked(counts: Counts) -> List(#(String, Int)) {
  sort(
    fn(left, right) {
      left.1 > right.1 || { left.1 == right.1 && not_after(left.0, right.0) }
    },
    to_list(counts),
  )
}

fn add_all(words: List(String), counts: Counts) -> Counts {
  case words {
    [] -> counts
    [word, ..rest] -> add_all(rest, put(word, get(word, counts, 0) + 1, counts))
  }
}
