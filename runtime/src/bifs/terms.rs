//! Comparison, hashing and printing of any term.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::arena;
use crate::term::{Term, build, compare, hash, print};
use core::cmp::Ordering;
use std::io::Write;

fn truth(value: bool) -> Result {
    Ok(Term::bool(value))
}
pub fn exactly_equal_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(compare::equal_exact(a, b))
}
pub fn exactly_different_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(!compare::equal_exact(a, b))
}
pub fn equal_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(compare::equal(a, b))
}
pub fn different_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(!compare::equal(a, b))
}
pub fn less_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(compare::compare(a, b) == Ordering::Less)
}
pub fn less_or_equal_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(compare::compare(a, b) != Ordering::Greater)
}
pub fn greater_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(compare::compare(a, b) == Ordering::Greater)
}
pub fn greater_or_equal_2(_p: &mut Process, a: Term, b: Term) -> Result {
    truth(compare::compare(a, b) != Ordering::Less)
}
/// Of equal terms the first.
pub fn min_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(if compare::compare(a, b) == Ordering::Greater { b } else { a })
}
pub fn max_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(if compare::compare(a, b) == Ordering::Less { b } else { a })
}

/// How many hashes there are to be: 1 to 2^32.
fn range_of(range: Term) -> Result<u64> {
    match range.as_small() {
        Some(range @ 1..=0x1_0000_0000) => Ok(range as u64),
        _ => Err(badarg()),
    }
}
/// Charged for as in OTP.
fn charged_phash2(p: &mut Process, term: Term) -> u32 {
    let (hash, steps) = hash::phash2_and_steps(term);
    p.charge(steps / 64);
    hash
}
pub fn phash2_1(p: &mut Process, term: Term) -> Result {
    let hash = charged_phash2(p, term) & ((1 << 27) - 1);
    Ok(Term::small(i64::from(hash)))
}
pub fn phash2_2(p: &mut Process, term: Term, range: Term) -> Result {
    let range = range_of(range)?;
    let hash = charged_phash2(p, term);
    Ok(build::unsigned(p, u64::from(hash) % range))
}
pub fn phash_2(p: &mut Process, term: Term, range: Term) -> Result {
    let range = range_of(range)?;
    Ok(build::unsigned(p, u64::from(hash::phash(term)) % range + 1))
}

pub fn display_1(_p: &mut Process, term: Term) -> Result {
    let mut text = print::to_text(term);
    text.push_str("\r\n");
    arena::kept(|| {
        let mut out = std::io::stdout().lock();
        // As in OTP, nobody is told when standard output is closed.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    });
    Ok(Term::TRUE)
}
