//! Comparison for compiled code.

use crate::process::Process;
use crate::term::{Term, compare};

/// `=:=`.
///
/// # Safety
/// Called by compiled code: the arguments are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_equal_exact(_p: *mut Process, a: Term, b: Term) -> u64 {
    u64::from(compare::equal_exact(a, b))
}

/// `==`.
///
/// # Safety
/// As [`beamrc_equal_exact`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_equal(_p: *mut Process, a: Term, b: Term) -> u64 {
    u64::from(compare::equal(a, b))
}

/// Term order: -1, 0 or 1.
///
/// # Safety
/// As [`beamrc_equal_exact`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_compare(_p: *mut Process, a: Term, b: Term) -> i64 {
    compare::compare(a, b) as i64
}
