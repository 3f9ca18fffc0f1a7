//! Operators on numbers, and numbers to and from text.

mod float_text;
mod integer_text;
mod operators;

pub use float_text::*;
pub use integer_text::*;
pub use operators::*;
