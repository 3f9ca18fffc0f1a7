//! Conversions, lists, tuples and type tests of module `erlang`, and what raises.

mod atoms;
mod errors;
mod funs;
mod identifiers;
mod lists;
mod modules;
mod subtract;
mod tests;
mod tuples;

pub use atoms::*;
pub use errors::*;
pub use funs::*;
pub use identifiers::*;
pub use lists::*;
pub use modules::*;
pub use subtract::*;
pub use tests::*;
pub use tuples::*;

use crate::process::Process;
use crate::term::{Kind, Term, list};

/// A binary of these bytes.
pub(in crate::bifs) fn new_binary(p: &mut Process, bytes: &[u8]) -> Term {
    crate::heap::bits::from_bytes(p, bytes)
}

/// A list of the characters of a text.
pub(in crate::bifs) fn string(p: &mut Process, text: &str) -> Term {
    let characters = text.chars().map(|c| Term::small(i64::from(u32::from(c))));
    list::forward(p, text.chars().count(), characters, Term::NIL)
}

/// An integer of 64 bits, signed or not.
pub(in crate::bifs) fn machine_word(term: Term) -> Option<i128> {
    if let Some(value) = term.as_small() {
        return Some(i128::from(value));
    }
    match (term.kind()?, term.words()) {
        (Kind::BigPos, &[word]) => Some(i128::from(word)),
        (Kind::BigNeg, &[word]) => {
            Some(-i128::from(word)).filter(|value| *value >= i128::from(i64::MIN))
        }
        _ => None,
    }
}
