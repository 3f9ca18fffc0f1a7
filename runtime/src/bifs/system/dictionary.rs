//! The process dictionary.

use crate::process::Process;
use crate::process::exception::Result;
use crate::sched::info::dictionary;
use crate::term::compare::equal_exact;
use crate::term::{Term, list};

/// Entries walked for one reduction.
const ENTRIES_PER_REDUCTION: usize = 16;

fn or_undefined(value: Option<Term>) -> Result {
    Ok(value.unwrap_or(Term::UNDEFINED))
}
pub fn get_1(p: &mut Process, key: Term) -> Result {
    or_undefined(p.dictionary.get(key))
}
pub fn put_2(p: &mut Process, key: Term, value: Term) -> Result {
    or_undefined(p.dictionary.put(key, value))
}
pub fn erase_1(p: &mut Process, key: Term) -> Result {
    or_undefined(p.dictionary.erase(key))
}

pub fn get_0(p: &mut Process) -> Result {
    p.charge(p.dictionary.len() / ENTRIES_PER_REDUCTION);
    Ok(dictionary(p))
}
pub fn erase_0(p: &mut Process) -> Result {
    let all = get_0(p)?;
    p.dictionary.clear();
    Ok(all)
}
pub fn get_keys_0(p: &mut Process) -> Result {
    p.charge(p.dictionary.len() / ENTRIES_PER_REDUCTION);
    let keys: Vec<Term> = p.dictionary.pairs().map(|(key, _)| key).collect();
    Ok(list::reversed(p, keys.len(), keys.into_iter(), Term::NIL))
}
/// The keys of this value.
pub fn get_keys_1(p: &mut Process, value: Term) -> Result {
    p.charge(p.dictionary.len() / ENTRIES_PER_REDUCTION);
    let of_value = p.dictionary.pairs().filter(|(_, v)| equal_exact(*v, value));
    let keys: Vec<Term> = of_value.map(|(key, _)| key).collect();
    Ok(list::reversed(p, keys.len(), keys.into_iter(), Term::NIL))
}
