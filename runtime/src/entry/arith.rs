//! Numbers for compiled code.

use super::failure;
use crate::bifs::arith::float_of;
use crate::process::Process;
use crate::process::exception::badarith;
use crate::term::Term;

/// The bits of a number as a double; `x[0]` becomes 0, or 1 if there is none, with `badarith` noted.
///
/// # Safety
/// Called by compiled code on the running process (I3); the argument is a term (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_float_of(p: *mut Process, number: Term) -> u64 {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    let float = float_of(number);
    if float.is_none() {
        failure::note(p, badarith());
    }
    // SAFETY: I4: `x` is the scheduler's array.
    unsafe { *(p.head.x as *mut u64) = u64::from(float.is_none()) };
    float.unwrap_or(0.0).to_bits()
}
