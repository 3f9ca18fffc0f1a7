//! The stages of code generation over the reader's fixtures: what they print, and what holds of
//! every function.

mod fixtures;
mod goldens;
mod machine;
mod properties;
mod texts;
