//! Comparison for compiled code.

use crate::process::Process;
use crate::term::{Term, compare};
use beamrc_abi::term;
use std::cmp::Ordering;

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

/// A word that stands to the word of any small integer but the least as the term, which is no small
/// integer, stands to it in term order: a float between two integers lies between their words.
///
/// # Safety
/// As [`beamrc_equal_exact`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_order_word(_p: *mut Process, value: Term) -> i64 {
    order_word(value)
}

fn order_word(value: Term) -> i64 {
    let beyond = match compare::compare(value, Term::small(0)) {
        Ordering::Less => i64::MIN,
        _ => i64::MAX,
    };
    // Anything but a float is a big integer, or stands behind all numbers.
    let Some(float) = value.as_float() else { return beyond };
    let whole = float.floor();
    let small = term::SMALL_MIN as f64..-(term::SMALL_MIN as f64);
    if !small.contains(&whole) {
        return beyond;
    }
    let between = if whole == float { 0 } else { 1 << (term::TAG_BITS - 1) };
    ((whole as i64) << term::TAG_BITS) + between
}
