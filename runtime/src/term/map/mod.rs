//! Maps: flat ones, their keys sorted, up to `MAP_FLAT_MAX` keys; hash tries above.
//!
//! Both forms are canonical: one set of keys gives one form and one shape, whatever made it, which
//! comparison relies on. Keys are compared exactly.

mod flat;
mod hash;
pub mod leaves;
mod merge;

use super::{Alloc, Kind, Term, View};
use crate::sys::arena;
pub use beamrc_abi::term::MAP_FLAT_MAX;
use flat::Sorted;
use leaves::Leaves;
pub use merge::merge;

pub fn is_map(term: Term) -> bool {
    matches!(term.kind(), Some(Kind::FlatMap | Kind::HashMap))
}

/// Number of keys; nothing if the term is no map.
pub fn size(map: Term) -> Option<usize> {
    match map.kind()? {
        Kind::FlatMap => Some(map.words().len() - 1),
        Kind::HashMap => Some(map.term_words()[0].as_small()? as usize),
        _ => None,
    }
}

/// The value of a key.
pub fn get(map: Term, key: Term) -> Option<Term> {
    if map.is_kind(Kind::FlatMap) { flat::get(map, key) } else { hash::get(map, key) }
}

pub fn put(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term, value: Term) -> Term {
    if map.is_kind(Kind::FlatMap) {
        flat::put(heap, map, key, value)
    } else {
        hash::put(heap, map, key, value)
    }
}

/// The map with all these pairs put, one after the other. If `exact`, every key must be there: the
/// first that is not is the error.
pub fn put_all(
    heap: &mut (impl Alloc + ?Sized),
    map: Term,
    pairs: &[(Term, Term)],
    exact: bool,
) -> Result<Term, Term> {
    let is_flat = map.is_kind(Kind::FlatMap);
    if is_flat && let Some(map) = flat::put_present(heap, map, pairs) {
        return Ok(map);
    }
    if exact {
        // The loader sorts the keys of an update: it is the least that OTP misses first.
        let missing = pairs.iter().map(|(key, _)| *key).filter(|key| get(map, *key).is_none());
        if let Some(key) = missing.min_by(|a, b| super::compare::compare_exact(*a, *b)) {
            return Err(key);
        }
    }
    if is_flat {
        return Ok(flat::put_all(heap, map, pairs));
    }
    let put = |map, &(key, value): &(Term, Term)| hash::put(heap, map, key, value);
    Ok(pairs.iter().fold(map, put))
}

/// The map without a key, and that key's value; nothing if it is not there.
pub fn take(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term) -> Option<(Term, Term)> {
    if map.is_kind(Kind::FlatMap) { flat::take(heap, map, key) } else { hash::take(heap, map, key) }
}

pub fn empty(heap: &mut (impl Alloc + ?Sized)) -> Term {
    Sorted::default().build(heap)
}

/// A map of pairs in any order; of equal keys the last wins.
pub fn from_pairs(heap: &mut (impl Alloc + ?Sized), pairs: &[(Term, Term)]) -> Term {
    if pairs.len() <= MAP_FLAT_MAX {
        return Sorted::of(pairs.iter().copied()).build(heap);
    }
    let _scratch = arena::scope();
    let leaves = hash::sorted(pairs);
    if leaves.len() <= MAP_FLAT_MAX {
        return Sorted::of(leaves.iter().map(|l| (l.key, l.value))).build(heap);
    }
    hash::from_sorted(heap, &leaves)
}

/// Iterator over the associations of any map, in the order in which OTP walks it.
pub enum Pairs {
    Flat(Term, usize),
    Hash(Leaves),
}

/// See [`Pairs`].
pub fn pairs(map: Term) -> Pairs {
    if map.is_kind(Kind::FlatMap) { Pairs::Flat(map, 0) } else { Pairs::Hash(Leaves::of(map)) }
}

impl Iterator for Pairs {
    type Item = (Term, Term);
    fn next(&mut self) -> Option<(Term, Term)> {
        match self {
            Pairs::Hash(leaves) => leaves.next(),
            Pairs::Flat(map, next) => {
                let View::FlatMap(keys, values) = map.view() else {
                    unreachable!("made of a flat map");
                };
                let pair = (*keys.get(*next)?, values[*next]);
                *next += 1;
                Some(pair)
            }
        }
    }
}

#[cfg(test)]
mod tests;
