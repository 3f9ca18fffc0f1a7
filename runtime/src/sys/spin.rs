//! A lock for sections of a few instructions.
//!
//! Giving it back is a plain store, which makes it half as dear as a mutex where nobody contends. Who
//! finds it taken looks again for a while and then lets other threads run: the holder may have been
//! interrupted. Counted like all locks (see [`super::lock`]).

use super::lock::Held;
use super::sync::Ordering::{Acquire, Relaxed, Release};
use super::sync::{AtomicBool, SPINS, spin_loop, yield_now};
use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};

#[derive(Default)]
pub struct SpinLock<T> {
    is_taken: AtomicBool,
    content: UnsafeCell<T>,
}
// SAFETY: one thread at a time holds the lock, and only through it is the content reached.
unsafe impl<T: Send> Sync for SpinLock<T> {}

impl<T> SpinLock<T> {
    #[inline]
    pub fn lock(&self) -> Guard<'_, T> {
        while self.is_taken.compare_exchange(false, true, Acquire, Relaxed).is_err() {
            self.wait();
        }
        Guard { lock: self, _held: Held::new() }
    }
    #[cold]
    fn wait(&self) {
        for _ in 0..SPINS {
            if !self.is_taken.load(Relaxed) {
                return;
            }
            spin_loop();
        }
        yield_now();
    }
}

/// Gives the lock back when dropped.
pub struct Guard<'a, T> {
    lock: &'a SpinLock<T>,
    _held: Held,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the guard holds the lock.
        unsafe { &*self.lock.content.get() }
    }
}
impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard holds the lock.
        unsafe { &mut *self.lock.content.get() }
    }
}
impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.is_taken.store(false, Release);
    }
}
