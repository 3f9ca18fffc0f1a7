//! Exceptions of entry points that stand for instructions.

use crate::process::Process;
use crate::process::exception::{Exception, Origin};

/// Notes an exception of the function that runs: the instruction itself stands in no trace.
pub fn note(p: &mut Process, exception: Exception) {
    p.exception.note(Exception { origin: Origin::Caller, ..exception });
}
