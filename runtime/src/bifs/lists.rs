//! Natives of module `lists`.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::compare::{equal, equal_exact};
use crate::term::{Term, atom, build, list};

/// Cells walked for one reduction.
const CELLS_PER_REDUCTION: usize = 32;

pub fn reverse_2(p: &mut Process, from: Term, tail: Term) -> Result {
    let count = list::length(from).ok_or_else(badarg)?;
    p.charge(count / CELLS_PER_REDUCTION);
    Ok(list::reversed(p, count, from.list(), tail))
}

pub fn member_2(p: &mut Process, element: Term, list: Term) -> Result {
    let mut elements = list.list();
    let mut walked = 0;
    let found = elements.by_ref().any(|candidate| {
        walked += 1;
        equal_exact(candidate, element)
    });
    p.charge(walked / CELLS_PER_REDUCTION);
    if found || elements.tail().is_nil() { Ok(Term::bool(found)) } else { Err(badarg()) }
}

/// Whether an element is the key that is looked for: `==`, except that OTP compares a small integer
/// with a float as floats, so that neighbours of large ones are equal to it.
fn is_key(element: Term, key: Term) -> bool {
    const SMALL_IN_OTP: core::ops::Range<i64> = -(1 << 59)..1 << 59;
    match (key.as_small(), element.as_float()) {
        (Some(key), Some(element)) if SMALL_IN_OTP.contains(&key) => element == key as f64,
        _ => equal(element, key),
    }
}

/// The first tuple whose element at `position` is the key. What is no tuple, or too short, is
/// passed over.
fn find(p: &mut Process, key: Term, position: Term, tuples: Term) -> Result<Option<Term>> {
    let at = match position.as_small() {
        Some(position @ 1..) => position as usize - 1,
        _ => return Err(badarg()),
    };
    // Numbers can be equal without being the same word, and so can what has parts.
    let (found, rest, walked) = if key.is_immediate() && !key.is_small() {
        first(tuples, at, |element| element == key)
    } else {
        first(tuples, at, |element| is_key(element, key))
    };
    p.charge(walked / CELLS_PER_REDUCTION);
    if found.is_none() && !rest.is_nil() {
        return Err(badarg());
    }
    Ok(found)
}
/// The first tuple with an element `at` that is the key, what follows it, and how many elements of
/// the list were looked at.
fn first(tuples: Term, at: usize, is_key: impl Fn(Term) -> bool) -> (Option<Term>, Term, usize) {
    let mut rest = tuples.list();
    let mut walked = 0;
    let found = rest.by_ref().find(|candidate| {
        walked += 1;
        let elements = candidate.as_tuple().unwrap_or_default();
        elements.get(at).is_some_and(|element| is_key(*element))
    });
    (found, rest.tail(), walked)
}
pub fn keyfind_3(p: &mut Process, key: Term, position: Term, tuples: Term) -> Result {
    Ok(find(p, key, position, tuples)?.unwrap_or(Term::FALSE))
}
pub fn keymember_3(p: &mut Process, key: Term, position: Term, tuples: Term) -> Result {
    Ok(Term::bool(find(p, key, position, tuples)?.is_some()))
}
pub fn keysearch_3(p: &mut Process, key: Term, position: Term, tuples: Term) -> Result {
    let Some(tuple) = find(p, key, position, tuples)? else {
        return Ok(Term::FALSE);
    };
    let value = atom::intern("value").expect("short, and the table is not full of it");
    Ok(build::tuple(p, &[Term::atom(value), tuple]))
}
