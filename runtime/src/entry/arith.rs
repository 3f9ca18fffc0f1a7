//! Numbers for compiled code.

use super::failure;
use crate::bifs::arith::float_of;
use crate::process::Process;
use crate::process::exception::badarith;
use crate::term::Term;

/// The bits of a number as a double; all ones if there is none, with `badarith` noted.
///
/// # Safety
/// Called by compiled code on the running process (I3); the argument is a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_float_of(p: *mut Process, number: Term) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    match float_of(number) {
        Some(float) => float.to_bits(),
        None => {
            failure::note(p, badarith());
            u64::MAX
        }
    }
}
