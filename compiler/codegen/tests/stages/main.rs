//! The stages of code generation over the reader's fixtures: what they print, and what holds of
//! every function.

mod fixtures;
mod goldens;
mod hostile;
mod machine;
#[path = "../../../beam/tests/reader/mutation.rs"]
mod mutation;
mod properties;
mod texts;
