//! Natives of module `erts_internal`: values and system information.

use crate::heap::persistent;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::clock::UNITS_PER_SECOND;
use crate::term::{Term, View, print};

pub fn time_unit_0(_p: &mut Process) -> Result {
    Ok(Term::small(UNITS_PER_SECOND))
}
pub fn perf_counter_unit_0(_p: &mut Process) -> Result {
    Ok(Term::small(UNITS_PER_SECOND))
}
/// Of this node, which is never part of a distributed system.
pub fn get_creation_0(_p: &mut Process) -> Result {
    Ok(Term::UNDEFINED)
}
/// OTP's own helper processes do not exist here.
pub fn is_system_process_1(_p: &mut Process, pid: Term) -> Result {
    match pid.view() {
        View::Pid(_) => Ok(Term::FALSE),
        _ => Err(badarg()),
    }
}
pub fn erase_persistent_terms_0(_p: &mut Process) -> Result {
    persistent::erase_all();
    Ok(Term::TRUE)
}
/// The text of a term as the runtime prints it. Only all of it: `limit` is `undefined`.
pub fn term_to_string_2(p: &mut Process, term: Term, limit: Term) -> Result {
    // OTP writes "..." after as many parts as the limit says; here a text is always whole.
    if limit != Term::UNDEFINED && limit.as_small().is_none_or(|limit| limit <= 1) {
        return Err(badarg());
    }
    let text = print::to_text(term);
    p.charge(text.len() / 64);
    Ok(super::values::string(p, &text))
}
