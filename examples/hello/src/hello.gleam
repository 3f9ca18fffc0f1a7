//// The smallest Gleam program: one line on standard output.

/// What Erlang's output functions return.
type Done

@external(erlang, "io", "put_chars")
fn put_chars(text: String) -> Done

pub fn main() -> Nil {
  put_chars("Hello from Gleam!\n")
  Nil
}
