//// Splits a text into lower-case words; a word is what stands between
//// spaces and punctuation.

@external(erlang, "string", "lowercase")
fn lowercase(text: String) -> String

@external(erlang, "string", "length")
pub fn length(word: String) -> Int

pub fn split(text: String) -> List(String) {
  scan(<<lowercase(text):utf8>>, <<>>, [])
}

/// The word followed by as many spaces as it takes to fill the width.
pub fn pad(word: String, width: Int) -> String {
  word <> spaces(width - length(word), "")
}

fn spaces(count: Int, text: String) -> String {
  case count > 0 {
    True -> spaces(count - 1, text <> " ")
    False -> text
  }
}

fn scan(text: BitArray, word: BitArray, found: List(String)) -> List(String) {
  case text {
    <<character:utf8_codepoint, rest:bits>> ->
      case is_separator(<<character:utf8_codepoint>>) {
        True -> scan(rest, <<>>, finish(word, found))
        False -> scan(rest, <<word:bits, character:utf8_codepoint>>, found)
      }
    _ -> reverse(finish(word, found), [])
  }
}

fn is_separator(character: BitArray) -> Bool {
  case character {
    <<" ">> | <<"\n">> | <<"\t">> | <<"\r">> -> True
    <<".">> | <<",">> | <<":">> | <<";">> | <<"!">> | <<"?">> -> True
    <<"\"">> | <<"(">> | <<")">> -> True
    _ -> False
  }
}

fn finish(word: BitArray, found: List(String)) -> List(String) {
  case word {
    <<>> -> found
    // The bytes came out of a string whole character by whole character.
    _ -> [assume_string(word), ..found]
  }
}

@external(erlang, "unicode", "characters_to_binary")
fn assume_string(bits: BitArray) -> String

fn reverse(list: List(a), onto: List(a)) -> List(a) {
  case list {
    [] -> onto
    [first, ..rest] -> reverse(rest, [first, ..onto])
  }
}
