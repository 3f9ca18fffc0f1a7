//! List operators of module `erlang`.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::{Term, list};

/// Cells walked or built for one reduction.
pub(super) const CELLS_PER_REDUCTION: usize = 64;

pub fn hd_1(_p: &mut Process, list: Term) -> Result {
    list.as_cons().map(|(head, _)| head).ok_or_else(badarg)
}
pub fn tl_1(_p: &mut Process, list: Term) -> Result {
    list.as_cons().map(|(_, tail)| tail).ok_or_else(badarg)
}
pub fn length_1(p: &mut Process, list: Term) -> Result {
    let count = list::length(list).ok_or_else(badarg)?;
    p.charge(count / CELLS_PER_REDUCTION);
    Ok(Term::small(count as i64))
}

pub fn append_2(p: &mut Process, left: Term, right: Term) -> Result {
    plus_plus_2(p, left, right)
}
/// The right operand may be anything: it becomes the tail.
pub fn plus_plus_2(p: &mut Process, left: Term, right: Term) -> Result {
    let count = list::length(left).ok_or_else(badarg)?;
    p.charge(count / CELLS_PER_REDUCTION);
    if right.is_nil() {
        return Ok(left);
    }
    Ok(list::forward(p, count, left.list(), right))
}
