//! Natives of module `erts_debug`.

use crate::heap::copy;
use crate::process::Process;
use crate::process::exception::Result;
use crate::term::{Term, build};

/// Whether two terms are one object.
pub fn same_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(Term::bool(a == b))
}
/// Words of a term if nothing of it is shared.
pub fn flat_size_1(p: &mut Process, term: Term) -> Result {
    let words = copy::flat_size(term);
    p.charge(words / 64);
    Ok(build::unsigned(p, words as u64))
}
