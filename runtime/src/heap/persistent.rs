//! Persistent terms: one table for all processes, of literals (I6), read without a lock.
//!
//! A key takes a slot for as long as the table lives; erasing it leaves the slot without a value.
//! Terms that were replaced or erased are not freed, since any process may still hold them; nor is
//! a table that was outgrown, since a reader may still be in it.

use super::copy::copy_to_literal;
use crate::sys::OutOfMemory;
use crate::sys::lock::{Mutex, MutexGuard};
use crate::term::Term;
use crate::term::compare::equal_exact;
use crate::term::hash::internal::hash;
use core::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::PoisonError;

/// Slots of the first table.
const FIRST_CAPACITY: usize = 64;
/// A slot that no key took. No term is this word.
const FREE: u64 = 0xff;
const ABSENT: u64 = Term::NONVALUE.0;

struct Slot {
    key: AtomicU64,
    value: AtomicU64,
}
struct Table {
    slots: Box<[Slot]>,
    /// Slots with a key; only who holds the lock counts.
    taken: AtomicUsize,
}

static TABLE: AtomicPtr<Table> = AtomicPtr::new(core::ptr::null_mut());
static CHANGING: Mutex<()> = Mutex::new(());

impl Table {
    fn new(capacity: usize) -> &'static Table {
        let slot = || Slot { key: AtomicU64::new(FREE), value: AtomicU64::new(ABSENT) };
        let slots = core::iter::repeat_with(slot).take(capacity).collect();
        Box::leak(Box::new(Table { slots, taken: AtomicUsize::new(0) }))
    }
    fn current() -> Option<&'static Table> {
        // SAFETY: null, or a table that was leaked before it was published.
        unsafe { TABLE.load(Acquire).as_ref() }
    }
    /// The slot of a key, or the free one where it belongs.
    fn slot(&self, key: Term) -> &Slot {
        self.find(key).unwrap_or_else(|free| free)
    }
    /// The same, the free one as an error: it may be about to become that of another key, so its
    /// value says nothing.
    fn find(&self, key: Term) -> Result<&Slot, &Slot> {
        let mask = self.slots.len() - 1;
        let mut at = place(key) as usize & mask;
        loop {
            let slot = &self.slots[at];
            let taken_by = slot.key.load(Acquire);
            if taken_by == FREE {
                return Err(slot);
            }
            if equal_exact(Term(taken_by), key) {
                return Ok(slot);
            }
            at = (at + 1) & mask;
        }
    }
    fn pairs(&self) -> impl Iterator<Item = (Term, Term)> {
        self.slots.iter().filter_map(|slot| {
            let key = slot.key.load(Acquire);
            let value = slot.value.load(Acquire);
            (key != FREE && value != ABSENT).then_some((Term(key), Term(value)))
        })
    }
    /// Publishes a value, then its key.
    fn fill(&self, slot: &Slot, key: Term, value: Term) {
        slot.value.store(value.0, Release);
        slot.key.store(key.0, Release);
        self.taken.fetch_add(1, Relaxed);
    }
    fn is_full(&self) -> bool {
        4 * self.taken.load(Relaxed) >= 3 * self.slots.len()
    }
}

/// What a key's place is made of. Most keys are an atom or a tuple of atoms.
fn place(key: Term) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, element: &Term| (hash ^ element.0).wrapping_mul(ODD).rotate_left(32);
    match key.as_tuple() {
        Some(elements) if elements.iter().all(|it| it.is_immediate()) => {
            elements.iter().fold(ODD, mix)
        }
        _ => hash(key),
    }
}

fn lock() -> MutexGuard<'static, ()> {
    CHANGING.lock().unwrap_or_else(PoisonError::into_inner)
}
/// The table with room for one more key; the lock is held.
fn with_room() -> &'static Table {
    let old = Table::current();
    if let Some(table) = old.filter(|table| !table.is_full()) {
        return table;
    }
    let live = old.map_or(0, |table| table.pairs().count());
    let larger = Table::new((4 * live).next_power_of_two().max(FIRST_CAPACITY));
    for (key, value) in old.iter().flat_map(|table| table.pairs()) {
        larger.fill(larger.slot(key), key, value);
    }
    TABLE.store(core::ptr::from_ref(larger).cast_mut(), Release);
    larger
}

pub fn get(key: Term) -> Option<Term> {
    let slot = Table::current()?.find(key).ok()?;
    let value = Term(slot.value.load(Acquire));
    value.is_value().then_some(value)
}

/// Makes copies of both; a value that is there already stays. With `unless_there`, another value
/// that is there stays too, and the result is false.
pub fn put(key: Term, value: Term, unless_there: bool) -> Result<bool, OutOfMemory> {
    let _changing = lock();
    let table = with_room();
    let slot = table.slot(key);
    let old = Term(slot.value.load(Acquire));
    if old.is_value() {
        if equal_exact(old, value) {
            return Ok(true);
        }
        if unless_there {
            return Ok(false);
        }
    }
    let value = copy_to_literal(value)?;
    if slot.key.load(Acquire) == FREE {
        table.fill(slot, copy_to_literal(key)?, value);
    } else {
        slot.value.store(value.0, Release);
    }
    Ok(true)
}

/// Whether there was one.
pub fn erase(key: Term) -> bool {
    let _changing = lock();
    let slot = Table::current().and_then(|table| table.find(key).ok());
    slot.is_some_and(|slot| Term(slot.value.swap(ABSENT, AcqRel)).is_value())
}
pub fn erase_all() {
    let _changing = lock();
    for slot in Table::current().iter().flat_map(|table| &table.slots) {
        slot.value.store(ABSENT, Release);
    }
}
pub fn pairs() -> impl Iterator<Item = (Term, Term)> {
    Table::current().into_iter().flat_map(Table::pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;
    use crate::term::build;

    #[test]
    fn terms_are_there_until_erased() {
        let p = &mut *Process::for_tests();
        let key = |p: &mut Process, i| build::tuple(p, &[Term::atom(7), Term::small(i)]);
        for i in 0..1000 {
            let (key, value) = (key(p, i), build::float(p, i as f64));
            assert_eq!(put(key, value, false), Ok(true));
        }
        for i in 0..1000 {
            let found = get(key(p, i)).expect("was put");
            assert_eq!(found.as_float(), Some(i as f64));
            assert!(found.is_literal());
        }
        let first = key(p, 0);
        assert_eq!(put(first, Term::NIL, true), Ok(false));
        assert_eq!(put(first, Term::NIL, false), Ok(true));
        assert!(get(first) == Some(Term::NIL));
        assert!(erase(first));
        assert!(!erase(first));
        assert!(get(first).is_none());
        assert_eq!(pairs().filter(|(k, _)| k.as_tuple().is_some()).count(), 999);
        assert_eq!(put(first, Term::OK, true), Ok(true));
        assert!(get(first) == Some(Term::OK));
    }
}
