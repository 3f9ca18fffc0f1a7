//! Maps for compiled code: see the rows of `beamrc_abi::entry`.

use super::failure;
use crate::bifs::maps::{badkey, badmap};
use crate::process::Process;
use crate::process::exception::Exception;
use crate::term::{Term, map};

/// The first `pairs` keys and values of the `x` registers.
///
/// # Safety
/// The caller is an entry that compiled code called with this many pairs in `x`.
unsafe fn pairs_in_x<'a>(p: &Process, pairs: u64) -> &'a [(Term, Term)] {
    const { assert!(size_of::<(Term, Term)>() == 16 && core::mem::offset_of!((Term, Term), 0) == 0) };
    // SAFETY: the caller's contract; `x` is the scheduler's array (I4), which the runtime does not
    // write before it returns; a pair is two words, the first one first.
    unsafe { core::slice::from_raw_parts(p.head.x as *const (Term, Term), pairs as usize) }
}

fn failed(p: &mut Process, exception: Exception) -> Term {
    failure::note(p, exception);
    Term::NONVALUE
}

/// # Safety
/// Called by compiled code: `map` is a map, both are terms (I5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_map_get(_p: *mut Process, map: Term, key: Term) -> Term {
    map::get(map, key).unwrap_or(Term::NONVALUE)
}

/// # Safety
/// Called by compiled code on the running process (I3), with that many pairs in `x`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_map_from_x(p: *mut Process, pairs: u64) -> Term {
    // SAFETY: the caller's contract.
    let p = unsafe { &mut *p };
    // SAFETY: the caller's contract.
    let pairs = unsafe { pairs_in_x(p, pairs) };
    map::from_pairs(p, pairs)
}

/// # Safety
/// As [`beamrc_map_from_x`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_map_put_assoc(p: *mut Process, map: Term, pairs: u64) -> Term {
    // SAFETY: the caller's contract.
    unsafe { put_all(&mut *p, map, pairs, false) }
}

/// # Safety
/// As [`beamrc_map_from_x`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn beamrc_map_put_exact(p: *mut Process, map: Term, pairs: u64) -> Term {
    // SAFETY: the caller's contract.
    unsafe { put_all(&mut *p, map, pairs, true) }
}

/// # Safety
/// As [`pairs_in_x`].
unsafe fn put_all(p: &mut Process, map: Term, pairs: u64, exact: bool) -> Term {
    if !map::is_map(map) {
        let exception = badmap(p, map);
        return failed(p, exception);
    }
    // SAFETY: the caller's contract.
    let pairs = unsafe { pairs_in_x(p, pairs) };
    let result = match *pairs {
        [(key, value)] if !exact => Ok(map::put(p, map, key, value)),
        _ => map::put_all(p, map, pairs, exact),
    };
    result.unwrap_or_else(|key| {
        let exception = badkey(p, key);
        failed(p, exception)
    })
}
