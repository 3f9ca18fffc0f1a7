//! Conversions, lists, tuples and type tests of module `erlang`, and what raises.

mod atoms;
mod errors;
mod funs;
mod lists;
mod modules;
mod tests;
mod tuples;

pub use atoms::*;
pub use errors::*;
pub use funs::*;
pub use lists::*;
pub use modules::*;
pub use tests::*;
pub use tuples::*;

use crate::process::Process;
use crate::term::{Kind, Term, build};

/// A binary of these bytes.
pub(in crate::bifs) fn new_binary(p: &mut Process, bytes: &[u8]) -> Term {
    let mut words = vec![8 * bytes.len() as u64];
    words.extend(bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    }));
    build::object(p, Kind::HeapBits, 0, &words)
}
