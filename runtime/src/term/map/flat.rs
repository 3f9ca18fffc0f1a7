//! Flat maps: the tuple of keys in term order, then the values.

use super::{MAP_FLAT_MAX, hash};
use crate::term::compare::{compare_exact, equal_exact};
use crate::term::{Alloc, Kind, Term, build};
use core::cmp::Ordering;
use smallvec::SmallVec;

pub(super) type Pairs = SmallVec<[(Term, Term); MAP_FLAT_MAX]>;

fn parts(map: &Term) -> (&[Term], &[Term]) {
    let (keys, values) = map.term_words().split_first().expect("flat maps have keys");
    // SAFETY: I1 and I5: the keys live as long as the map, and stay in place.
    let keys = unsafe {
        let keys = keys.term_words();
        core::slice::from_raw_parts(keys.as_ptr(), keys.len())
    };
    (keys, values)
}

fn position(keys: &[Term], key: Term) -> Option<usize> {
    if key.is_immediate() {
        return keys.iter().position(|k| *k == key);
    }
    keys.iter().position(|k| equal_exact(*k, key))
}
/// Where a key that is not there belongs.
fn insertion_point(keys: &[Term], key: Term) -> usize {
    keys.partition_point(|k| compare_exact(*k, key) == Ordering::Less)
}

pub(super) fn get(map: Term, key: Term) -> Option<Term> {
    let (keys, values) = parts(&map);
    position(keys, key).map(|at| values[at])
}

pub(super) fn put(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term, value: Term) -> Term {
    let (keys, values) = parts(&map);
    if let Some(at) = position(keys, key) {
        if values[at] == value {
            return map;
        }
        let (before, after) = map.term_words().split_at(at + 1);
        let runs = [before, &[value], &after[1..]];
        return build::object_of_runs(heap, Kind::FlatMap, 0, runs);
    }
    if keys.len() == MAP_FLAT_MAX {
        let mut pairs: Vec<_> = super::pairs(map).collect();
        pairs.push((key, value));
        return super::from_pairs(heap, &pairs);
    }
    let at = insertion_point(keys, key);
    let (before, after) = keys.split_at(at);
    let keys = build::object_of_runs(heap, Kind::Tuple, 0, [before, &[key], after]);
    let (before, after) = values.split_at(at);
    let runs = [&[keys], before, &[value], after];
    build::object_of_runs(heap, Kind::FlatMap, 0, runs)
}

pub(super) fn take(heap: &mut (impl Alloc + ?Sized), map: Term, key: Term) -> Option<(Term, Term)> {
    let (keys, values) = parts(&map);
    let at = position(keys, key)?;
    let runs = [&keys[..at], &keys[at + 1..]];
    let keys = build::object_of_runs(heap, Kind::Tuple, 0, runs);
    let runs = [&[keys], &values[..at], &values[at + 1..]];
    let rest = build::object_of_runs(heap, Kind::FlatMap, 0, runs);
    Some((rest, values[at]))
}

/// Sorts by key; of equal keys the last stays.
pub(super) fn sorted(pairs: impl Iterator<Item = (Term, Term)>) -> Pairs {
    let mut sorted = Pairs::new();
    for (key, value) in pairs {
        // Pairs often come sorted.
        let at = match sorted.last() {
            Some((last, _)) if compare_exact(*last, key) != Ordering::Less => {
                sorted.partition_point(|(k, _)| compare_exact(*k, key) == Ordering::Less)
            }
            _ => sorted.len(),
        };
        match sorted.get_mut(at) {
            Some(pair) if equal_exact(pair.0, key) => pair.1 = value,
            _ => sorted.insert(at, (key, value)),
        }
    }
    sorted
}

/// Map of pairs whose keys differ and are in term order.
pub(super) fn from_sorted(heap: &mut (impl Alloc + ?Sized), pairs: &[(Term, Term)]) -> Term {
    debug_assert!(pairs.len() <= MAP_FLAT_MAX);
    let keys: SmallVec<[Term; MAP_FLAT_MAX]> = pairs.iter().map(|(key, _)| *key).collect();
    let keys = build::tuple(heap, &keys);
    with_values(heap, keys, pairs)
}
/// Map of a tuple of keys and the values of these pairs.
fn with_values(heap: &mut (impl Alloc + ?Sized), keys: Term, pairs: &[(Term, Term)]) -> Term {
    let values: SmallVec<[Term; MAP_FLAT_MAX]> = pairs.iter().map(|(_, value)| *value).collect();
    build::object_of_runs(heap, Kind::FlatMap, 0, [&[keys], &values])
}

/// Pairs of two flat maps together, in order; those of `b` win.
pub(super) fn merged(a: Term, b: Term) -> Vec<(Term, Term)> {
    let (mut left, mut right) = (super::pairs(a).peekable(), super::pairs(b).peekable());
    let mut merged = Vec::new();
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some((a, _)), Some((b, _))) => compare_exact(*a, *b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return merged,
        };
        if order != Ordering::Greater {
            let pair = left.next().expect("peeked");
            if order == Ordering::Less {
                merged.push(pair);
                continue;
            }
        }
        merged.extend(right.next());
    }
}

/// A map under change, key by key, that is built once at the end.
pub struct Edit {
    map: Term,
    /// Pairs of a flat map in the order of keys; empty once the map is a hash map.
    pairs: Pairs,
    /// Whether the keys are still those of `map`.
    same_keys: bool,
}
impl Edit {
    pub fn of(map: Term) -> Edit {
        Edit {
            map,
            pairs: if map.is_kind(Kind::FlatMap) {
                super::pairs(map).collect()
            } else {
                SmallVec::new()
            },
            same_keys: true,
        }
    }
    fn is_flat(&self) -> bool {
        self.map.is_kind(Kind::FlatMap)
    }
    pub fn has(&self, key: Term) -> bool {
        if self.is_flat() {
            self.pairs.iter().any(|(k, _)| equal_exact(*k, key))
        } else {
            hash::get(self.map, key).is_some()
        }
    }
    pub fn put(&mut self, heap: &mut (impl Alloc + ?Sized), key: Term, value: Term) {
        if !self.is_flat() {
            self.map = hash::put(heap, self.map, key, value);
            return;
        }
        if let Some(pair) = self.pairs.iter_mut().find(|(k, _)| equal_exact(*k, key)) {
            pair.1 = value;
        } else if self.pairs.len() < MAP_FLAT_MAX {
            let before = |(k, _): &(Term, Term)| compare_exact(*k, key) == Ordering::Less;
            let at = self.pairs.partition_point(before);
            self.pairs.insert(at, (key, value));
            self.same_keys = false;
        } else {
            let mut pairs = self.pairs.to_vec();
            pairs.push((key, value));
            self.map = super::from_pairs(heap, &pairs);
        }
    }
    pub fn finish(self, heap: &mut (impl Alloc + ?Sized)) -> Term {
        if !self.is_flat() {
            self.map
        } else if self.same_keys {
            with_values(heap, self.map.term_words()[0], &self.pairs)
        } else {
            from_sorted(heap, &self.pairs)
        }
    }
}
