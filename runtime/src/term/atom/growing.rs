//! Entries under their numbers, which any thread looks up while one adds to them. `tests/model` has a
//! checker go through it.
//!
//! Open addressing. A full table is replaced by one twice its size; readers may still be in the old one,
//! which therefore stays. Whoever knows a number got it after the table that holds it was published,
//! so looking up a number never misses.

use crate::sys::sync::{AtomicPtr, Ordering::*};

pub trait Numbered {
    fn number(&self) -> u32;
}

pub struct Growing<E: 'static>(AtomicPtr<Slots<E>>);
struct Slots<E: 'static>(Box<[AtomicPtr<E>]>);

impl<E: Numbered> Growing<E> {
    /// `capacity` is a power of two.
    pub fn new(capacity: usize) -> Growing<E> {
        Growing(AtomicPtr::new(Slots::leaked(capacity)))
    }
    fn slots(&self) -> &'static Slots<E> {
        // SAFETY: tables are never freed.
        unsafe { &*self.0.load(Acquire) }
    }
    #[inline]
    pub fn find(&self, number: u32) -> Option<&'static E> {
        self.slots().find(number)
    }
    /// Adds an entry to `count` others. Only one thread at a time, which others see in their order.
    pub fn add(&self, entry: &'static E, count: usize) {
        let slots = self.slots();
        if 2 * count < slots.0.len() {
            return slots.put(entry);
        }
        let larger = Slots::leaked(2 * slots.0.len());
        // SAFETY: just made.
        let table = unsafe { &*larger };
        // SAFETY: slots hold entries, which stay.
        slots.0.iter().filter_map(|slot| unsafe { slot.load(Relaxed).as_ref() }).for_each(
            |known| {
                table.put(known);
            },
        );
        table.put(entry);
        self.0.store(larger, Release);
    }
}
impl<E: Numbered> Slots<E> {
    fn leaked(capacity: usize) -> *mut Slots<E> {
        let empty = || AtomicPtr::new(core::ptr::null_mut());
        Box::into_raw(Box::new(Slots((0..capacity).map(|_| empty()).collect())))
    }
    fn find(&self, number: u32) -> Option<&'static E> {
        let mask = self.0.len() - 1;
        let mut i = number as usize & mask;
        loop {
            // SAFETY: slots hold entries, which stay and were complete when they were put there.
            let entry = unsafe { self.0[i].load(Acquire).as_ref() }?;
            if entry.number() == number {
                return Some(entry);
            }
            i = (i + 1) & mask;
        }
    }
    fn put(&self, entry: &'static E) {
        let mask = self.0.len() - 1;
        let mut i = entry.number() as usize & mask;
        while !self.0[i].load(Relaxed).is_null() {
            i = (i + 1) & mask;
        }
        self.0[i].store(core::ptr::from_ref(entry).cast_mut(), Release);
    }
}
