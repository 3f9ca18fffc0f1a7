//! The epochs: what threads announce, and when the next one begins (A1). Nothing here knows what is
//! retired. `tests/model` has a checker go through it.

use crate::sys::sync::{AtomicU64, Ordering::*, fence};

/// What a thread announces that looks at nothing.
pub const OFFLINE: u64 = 0;

/// The present epoch.
pub struct Epochs {
    pub now: AtomicU64,
}

impl Epochs {
    /// This thread looks at shared structures from now on.
    pub fn enter(&self, announced: &AtomicU64) {
        announced.store(self.now.load(Relaxed), Release);
        // What it finds from now on, those see announced who have seen it gone from its structure.
        fence(SeqCst);
    }
    /// It looks at nothing until it enters again.
    pub fn leave(announced: &AtomicU64) {
        announced.store(OFFLINE, Release);
    }
    /// It holds nothing that it found before.
    #[inline]
    pub fn pass(&self, announced: &AtomicU64) {
        if announced.load(Relaxed) != self.now.load(Relaxed) {
            self.enter(announced);
        }
    }
    /// When something is retired, which is out of every shared structure: whoever announces a later
    /// epoch sees that it is gone.
    pub fn stamp(&self) -> u64 {
        fence(SeqCst);
        self.now.load(Relaxed)
    }
    /// Goes on to the next epoch if all threads that are there, which are asked for last, have
    /// announced this one.
    pub fn advance<'a, T: Iterator<Item = &'a AtomicU64>>(&self, threads: impl FnOnce() -> T) {
        let epoch = self.now.load(Acquire);
        fence(SeqCst);
        let is_announced =
            |announced: &AtomicU64| [OFFLINE, epoch].contains(&announced.load(Acquire));
        if threads().all(is_announced) {
            let _ = self.now.compare_exchange(epoch, epoch + 1, AcqRel, Relaxed);
        }
    }
    /// Whether nobody can be using any more what was retired then.
    pub fn is_over(&self, stamp: u64) -> bool {
        stamp + 2 <= self.now.load(Acquire)
    }
}
