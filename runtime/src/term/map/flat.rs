//! Flat maps: the tuple of keys in term order, then the values.

use super::MAP_FLAT_MAX;
use crate::term::compare::{compare_exact, equal_exact};
use crate::term::{Alloc, Kind, Term, build};
use beamrc_abi::term::header;
use core::cmp::Ordering;
use smallvec::SmallVec;

/// Keys or values of a map under construction.
type Terms = SmallVec<[Term; MAP_FLAT_MAX]>;

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

/// Keys in term order, and their values: what a flat map is built of.
#[derive(Default)]
pub(super) struct Sorted {
    keys: Terms,
    values: Terms,
}
impl Sorted {
    /// Of equal keys the last stays.
    pub fn of(pairs: impl Iterator<Item = (Term, Term)>) -> Sorted {
        let mut sorted = Sorted::default();
        for (key, value) in pairs {
            // Pairs often come sorted.
            match sorted.keys.last() {
                Some(last) if compare_exact(*last, key) != Ordering::Less => {
                    sorted.insert(key, value);
                }
                _ => sorted.push(key, value),
            }
        }
        sorted
    }
    fn push(&mut self, key: Term, value: Term) {
        self.keys.push(key);
        self.values.push(value);
    }
    fn insert(&mut self, key: Term, value: Term) {
        let at = insertion_point(&self.keys, key);
        if self.keys.get(at).is_some_and(|k| equal_exact(*k, key)) {
            self.values[at] = value;
        } else {
            self.keys.insert(at, key);
            self.values.insert(at, value);
        }
    }
    pub fn build(&self, heap: &mut (impl Alloc + ?Sized)) -> Term {
        debug_assert!(self.keys.len() <= MAP_FLAT_MAX);
        let keys = build::tuple(heap, &self.keys);
        build::object_of_runs(heap, Kind::FlatMap, 0, [&[keys], &self.values])
    }
}

/// As in OTP, a map with the keys of another takes them over, if they are a literal: its own keys are
/// garbage then.
fn share_keys(from: Term, to: Term) {
    let keys = from.term_words()[0];
    if keys.is_literal() && !to.is_literal() {
        // SAFETY: I5: the first word after the header is the keys, and these are equal; a literal
        // may be referred to from anywhere (I6).
        unsafe { *to.address().add(1) = keys.0 };
    }
}

/// The union of two flat maps, where the values of `b` win.
pub(super) fn merge(heap: &mut (impl Alloc + ?Sized), a: Term, b: Term) -> Term {
    let ((keys_a, values_a), (keys_b, values_b)) = (parts(&a), parts(&b));
    let mut sorted = Sorted::default();
    let (mut i, mut j) = (0, 0);
    while i < keys_a.len() || j < keys_b.len() {
        let order = match (keys_a.get(i), keys_b.get(j)) {
            (Some(a), Some(b)) => compare_exact(*a, *b),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        if order == Ordering::Less {
            sorted.push(keys_a[i], values_a[i]);
        } else {
            sorted.push(keys_b[j], values_b[j]);
            j += 1;
        }
        i += usize::from(order != Ordering::Greater);
    }
    match sorted.keys.len() {
        count if count == keys_b.len() => {
            if count == keys_a.len() {
                share_keys(a, b);
            }
            b
        }
        count if count == keys_a.len() => {
            let keys = a.term_words()[0];
            build::object_of_runs(heap, Kind::FlatMap, 0, [&[keys], &sorted.values])
        }
        count if count <= MAP_FLAT_MAX => sorted.build(heap),
        _ => {
            let pairs = sorted.keys.into_iter().zip(sorted.values);
            super::from_pairs(heap, &pairs.collect::<Vec<_>>())
        }
    }
}

/// The map with all these pairs put, if it has all their keys already.
pub(super) fn put_present(
    heap: &mut (impl Alloc + ?Sized),
    map: Term,
    pairs: &[(Term, Term)],
) -> Option<Term> {
    let (keys, values) = parts(&map);
    let mut places = [0u8; MAP_FLAT_MAX];
    let places = places.get_mut(..pairs.len())?;
    for (place, pair) in places.iter_mut().zip(pairs) {
        *place = position(keys, pair.0)? as u8;
    }
    // As in OTP, an update that changes nothing is the map itself.
    if places.iter().zip(pairs).all(|(place, pair)| values[usize::from(*place)] == pair.1) {
        return Some(map);
    }
    let words = 2 + values.len();
    let object = heap.alloc(words);
    // SAFETY: I2: as many fresh words as the map has; the places are among its values (I5).
    unsafe {
        let from = map.address();
        for word in 0..words {
            *object.add(word) = *from.add(word);
        }
        for (place, pair) in places.iter().zip(pairs) {
            *object.add(2 + usize::from(*place)) = pair.1.0;
        }
    }
    Some(Term::from_boxed(object))
}

/// The map with all these pairs put, one after the other.
pub(super) fn put_all(heap: &mut (impl Alloc + ?Sized), map: Term, pairs: &[(Term, Term)]) -> Term {
    let (keys, old_values) = parts(&map);
    if keys.len() + pairs.len() > MAP_FLAT_MAX {
        let mut all: Vec<_> = super::pairs(map).collect();
        all.extend_from_slice(pairs);
        return super::from_pairs(heap, &all);
    }
    let mut values = [Term::NIL; MAP_FLAT_MAX];
    values[..keys.len()].copy_from_slice(old_values);
    let mut additions = Additions::default();
    for (number, (key, value)) in pairs.iter().enumerate() {
        match position(keys, *key) {
            Some(at) => values[at] = *value,
            None => additions.add(keys, pairs, number),
        }
    }
    let values = &values[..keys.len()];
    let keys = additions.merged(heap, Kind::Tuple, &[], keys, |at| pairs[at].0);
    additions.merged(heap, Kind::FlatMap, &[keys], values, |at| pairs[at].1)
}

/// Pairs with keys that a map does not have yet, in the order of the keys.
#[derive(Default)]
struct Additions {
    count: usize,
    /// Before which of the map's keys each belongs, and its number among the pairs.
    places: [(u8, u8); MAP_FLAT_MAX],
}
impl Additions {
    fn add(&mut self, keys: &[Term], pairs: &[(Term, Term)], number: usize) {
        let key = pairs[number].0;
        let before = insertion_point(keys, key) as u8;
        let mut at = self.count;
        while let Some(previous) = at.checked_sub(1) {
            let (other_before, other) = self.places[previous];
            let order = other_before.cmp(&before);
            match order.then_with(|| compare_exact(pairs[usize::from(other)].0, key)) {
                Ordering::Less => break,
                Ordering::Equal => {
                    self.places.copy_within(at..self.count, previous);
                    self.count -= 1;
                    at = previous;
                    break;
                }
                Ordering::Greater => at = previous,
            }
        }
        self.places.copy_within(at..self.count, at + 1);
        self.places[at] = (before, number as u8);
        self.count += 1;
    }

    /// An object of `first` and then these words with those of the additions among them.
    fn merged(
        &self,
        heap: &mut (impl Alloc + ?Sized),
        kind: Kind,
        first: &[Term],
        words: &[Term],
        addition: impl Fn(usize) -> Term,
    ) -> Term {
        let count = first.len() + words.len() + self.count;
        let object = heap.alloc(count + 1);
        // SAFETY: I2: as many fresh words, in which each of the words has one place.
        unsafe {
            *object = header(kind, count as u64, 0);
            let mut to = object.add(1);
            let mut put = |words: &[Term]| {
                for word in words {
                    *to = word.0;
                    to = to.add(1);
                }
            };
            put(first);
            let mut done = 0;
            for &(before, number) in &self.places[..self.count] {
                put(&words[done..usize::from(before)]);
                put(&[addition(usize::from(number))]);
                done = usize::from(before);
            }
            put(&words[done..]);
        }
        Term::from_boxed(object)
    }
}
