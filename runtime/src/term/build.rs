//! Construction of terms. Every function reserves its words, fills them, then returns the term (I2).

use super::{Alloc, Kind, Term};
use beamrc_abi::term as abi;

/// A boxed object of raw words.
pub fn object(heap: &mut (impl Alloc + ?Sized), kind: Kind, extra: u64, words: &[u64]) -> Term {
    let object = heap.alloc(words.len() + 1);
    // SAFETY: I2: alloc returned words.len() + 1 fresh words.
    unsafe {
        *object = abi::header(kind, words.len() as u64, extra);
        core::ptr::copy_nonoverlapping(words.as_ptr(), object.add(1), words.len());
    }
    Term::from_boxed(object)
}

/// A boxed object whose words are these runs of words, one after the other.
pub fn object_of_runs<const N: usize>(
    heap: &mut (impl Alloc + ?Sized),
    kind: Kind,
    extra: u64,
    runs: [&[Term]; N],
) -> Term {
    let count: usize = runs.iter().map(|run| run.len()).sum();
    let object = heap.alloc(count + 1);
    // SAFETY: I2: count + 1 fresh words, of which each run fills its own.
    unsafe {
        *object = abi::header(kind, count as u64, extra);
        let mut to = object.add(1);
        for run in runs {
            core::ptr::copy_nonoverlapping(run.as_ptr().cast(), to, run.len());
            to = to.add(run.len());
        }
    }
    Term::from_boxed(object)
}

/// The same of raw words.
pub fn object_of_words<const N: usize>(
    heap: &mut (impl Alloc + ?Sized),
    kind: Kind,
    extra: u64,
    runs: [&[u64]; N],
) -> Term {
    // SAFETY: Term is transparent over u64, and the words are only copied.
    let runs =
        runs.map(|run| unsafe { core::slice::from_raw_parts(run.as_ptr().cast(), run.len()) });
    object_of_runs(heap, kind, extra, runs)
}

pub fn cons(heap: &mut (impl Alloc + ?Sized), head: Term, tail: Term) -> Term {
    let cell = heap.alloc(2);
    // SAFETY: I2: two fresh words.
    unsafe {
        *cell = head.0;
        *cell.add(1) = tail.0;
    }
    Term::from_cons(cell)
}

pub fn tuple(heap: &mut (impl Alloc + ?Sized), elements: &[Term]) -> Term {
    Term::from_boxed(tuple_object(heap, elements))
}

/// The header and behind it the elements.
#[inline]
fn tuple_object(heap: &mut (impl Alloc + ?Sized), elements: &[Term]) -> *mut u64 {
    let object = heap.alloc(elements.len() + 1);
    // SAFETY: I2: elements.len() + 1 fresh words.
    unsafe {
        *object = abi::header(Kind::Tuple, elements.len() as u64, 0);
        core::ptr::copy_nonoverlapping(elements.as_ptr().cast(), object.add(1), elements.len());
    }
    object
}

/// A tuple of these elements but for the one at `index`, counted from 0, which is `value`.
pub fn tuple_but(
    heap: &mut (impl Alloc + ?Sized),
    elements: &[Term],
    index: usize,
    value: Term,
) -> Term {
    assert!(index < elements.len());
    let object = tuple_object(heap, elements);
    // SAFETY: I2: fresh, and there is an element of this index.
    unsafe { *object.add(1 + index) = value.0 };
    Term::from_boxed(object)
}

/// A list of these elements, ending in `tail`.
pub fn list(heap: &mut (impl Alloc + ?Sized), elements: &[Term], tail: Term) -> Term {
    elements.iter().rfold(tail, |tail, head| cons(heap, *head, tail))
}

pub fn float(heap: &mut (impl Alloc + ?Sized), value: f64) -> Term {
    object(heap, Kind::Float, 0, &[value.to_bits()])
}

/// Any integer of a machine word.
pub fn integer(heap: &mut (impl Alloc + ?Sized), value: i64) -> Term {
    if Term::fits_small(value) {
        return Term::small(value);
    }
    let kind = if value < 0 { Kind::BigNeg } else { Kind::BigPos };
    object(heap, kind, 0, &[value.unsigned_abs()])
}

pub fn unsigned(heap: &mut (impl Alloc + ?Sized), value: u64) -> Term {
    if value <= abi::SMALL_MAX as u64 {
        Term::small(value as i64)
    } else {
        object(heap, Kind::BigPos, 0, &[value])
    }
}
