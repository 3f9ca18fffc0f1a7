//! Natives of module `persistent_term`.

use crate::heap::{copy, persistent};
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::term::{Term, atom, build, map};
use beamrc_abi::atom::id;

/// Words copied for one reduction.
const WORDS_PER_REDUCTION: usize = 64;

fn charge_copy(p: &mut Process, term: Term) {
    p.charge(copy::words_to_copy(term) / WORDS_PER_REDUCTION);
}

pub fn put_2(p: &mut Process, key: Term, value: Term) -> Result {
    charge_copy(p, value);
    persistent::put(key, value, false).map_err(|_| system_limit())?;
    Ok(Term::OK)
}
/// Only if there is none; another value that is there is an error.
pub fn put_new_2(p: &mut Process, key: Term, value: Term) -> Result {
    charge_copy(p, value);
    let put = persistent::put(key, value, true).map_err(|_| system_limit())?;
    if put { Ok(Term::OK) } else { Err(badarg()) }
}
pub fn get_1(_p: &mut Process, key: Term) -> Result {
    persistent::get(key).ok_or_else(badarg)
}
pub fn get_2(_p: &mut Process, key: Term, default: Term) -> Result {
    Ok(persistent::get(key).unwrap_or(default))
}
pub fn get_0(p: &mut Process) -> Result {
    let mut all = Term::NIL;
    for (key, value) in persistent::pairs() {
        let pair = build::tuple(p, &[key, value]);
        all = build::cons(p, pair, all);
    }
    Ok(all)
}
pub fn erase_1(_p: &mut Process, key: Term) -> Result {
    Ok(Term::bool(persistent::erase(key)))
}
/// How many there are, and the bytes of their terms.
pub fn info_0(p: &mut Process) -> Result {
    let (mut count, mut words) = (0, 0);
    for (key, value) in persistent::pairs() {
        count += 1;
        words += copy::flat_size(key) + copy::flat_size(value);
    }
    p.charge(words / WORDS_PER_REDUCTION);
    let count_key = atom::intern("count").expect("short, and the table is not full of it");
    let mut pairs = vec![
        (Term::atom(count_key), Term::small(count)),
        (Term::atom(id::MEMORY), Term::small(8 * words as i64)),
    ];
    Ok(map::from_pairs(p, &mut pairs))
}
