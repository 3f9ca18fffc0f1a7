//! Which schedulers sleep, and who wakes them.
//!
//! * W2: who adds a process to a run queue looks at the idle schedulers afterwards, when its slice
//!   ends at the latest; who goes to sleep says so first and looks at all run queues afterwards. One
//!   of the two sees the other.
//! * A scheduler is woken only where there have been two processes or more for some time: one alone
//!   is run soonest by the scheduler that has it in its cache, and so are a few that talk to each
//!   other. While a woken scheduler is still looking for work, no other is woken; it wakes the next
//!   one when it has found some.

use crate::sys::sync::{AtomicBool, AtomicU64, Ordering::*, fence};

/// Schedulers at most: the bits of a word.
pub const SCHEDULERS_MAX: usize = 64;

#[derive(Default)]
pub struct Idle {
    sleeping: AtomicU64,
    /// Somebody was woken and has not found work, or nothing, since.
    searching: AtomicBool,
}

impl Idle {
    /// The scheduler is about to sleep, unless it then finds something to do.
    pub fn enter(&self, index: usize) {
        self.sleeping.fetch_or(1 << index, SeqCst);
        fence(SeqCst);
    }
    /// It does not sleep any more.
    pub fn leave(&self, index: usize) {
        let bit = 1 << index;
        if self.sleeping.load(Relaxed) & bit != 0 {
            self.sleeping.fetch_and(!bit, SeqCst);
        }
    }
    /// A sleeping scheduler, one of these bits, that the caller is to wake, after adding processes to
    /// a queue.
    pub fn to_wake(&self, among: u64) -> Option<usize> {
        fence(SeqCst);
        let sleeping = self.sleeping.load(Relaxed) & among;
        if sleeping == 0 || self.searching.swap(true, SeqCst) {
            return None;
        }
        self.claim(among).or_else(|| {
            self.searching.store(false, SeqCst);
            None
        })
    }
    fn claim(&self, among: u64) -> Option<usize> {
        loop {
            let sleeping = self.sleeping.load(SeqCst) & among;
            if sleeping == 0 {
                return None;
            }
            let index = sleeping.trailing_zeros();
            if self.sleeping.fetch_and(!(1 << index), SeqCst) >> index & 1 == 1 {
                return Some(index as usize);
            }
        }
    }
    /// One that sleeps and is woken for something else than processes to steal.
    pub fn to_wake_anyway(&self, among: u64) -> Option<usize> {
        fence(SeqCst);
        self.claim(among)
    }
    /// Whether all of so many schedulers sleep, or are about to.
    pub fn all_sleep(&self, count: usize) -> bool {
        self.sleeping.load(SeqCst).count_ones() as usize == count
    }
    /// A woken scheduler has found something, or nothing.
    pub fn searched(&self) {
        if self.searching.load(Relaxed) {
            self.searching.store(false, SeqCst);
        }
    }
}
