//! Exceptions of entry points that stand for instructions.

use crate::process::Process;
use crate::process::exception::{Exception, Origin};
use crate::term::Term;

/// Notes an exception of the function that runs: the instruction itself stands in no trace.
pub fn note(p: &mut Process, exception: Exception) {
    let state = &mut p.exception;
    state.class = exception.class;
    state.reason = exception.reason;
    state.cause = exception.cause;
    state.origin = Origin::Caller;
    state.trace = Term::NONVALUE;
    state.bif = None;
}
