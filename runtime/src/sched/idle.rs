//! Which schedulers sleep, and who wakes them.
//!
//! * W2: who adds a process to a run queue looks at the idle schedulers afterwards; who goes to
//!   sleep says so first and looks at all run queues afterwards. One of the two sees the other.
//! * A scheduler is woken only where there are two processes or more: one alone is run soonest by
//!   the scheduler that has it in its cache. While a woken scheduler is still looking for work, no
//!   other is woken; it wakes the next one when it has found some.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::*, fence};

/// Schedulers at most: the bits of a word.
pub const SCHEDULERS_MAX: usize = 64;

static IDLE: AtomicU64 = AtomicU64::new(0);
static SEARCHING: AtomicBool = AtomicBool::new(false);

/// The scheduler is about to sleep, unless it then finds something to do.
pub fn enter(index: usize) {
    IDLE.fetch_or(1 << index, SeqCst);
    fence(SeqCst);
}
/// It does not sleep any more.
pub fn leave(index: usize) {
    let bit = 1 << index;
    if IDLE.load(Relaxed) & bit != 0 {
        IDLE.fetch_and(!bit, SeqCst);
    }
}
/// A sleeping scheduler that the caller is to wake, after adding processes to a queue.
pub fn to_wake() -> Option<usize> {
    fence(SeqCst);
    let idle = IDLE.load(Relaxed);
    if idle == 0 || SEARCHING.swap(true, SeqCst) {
        return None;
    }
    claim().or_else(|| {
        SEARCHING.store(false, SeqCst);
        None
    })
}
fn claim() -> Option<usize> {
    loop {
        let idle = IDLE.load(SeqCst);
        if idle == 0 {
            return None;
        }
        let index = idle.trailing_zeros();
        if IDLE.fetch_and(!(1 << index), SeqCst) >> index & 1 == 1 {
            return Some(index as usize);
        }
    }
}
/// One that sleeps and is woken for something else than processes to steal.
pub fn to_wake_anyway() -> Option<usize> {
    fence(SeqCst);
    claim()
}
/// Whether all of so many schedulers sleep, or are about to.
pub fn all_sleep(count: usize) -> bool {
    IDLE.load(SeqCst).count_ones() as usize == count
}
/// A woken scheduler has found something, or nothing.
pub fn searched() {
    if SEARCHING.load(Relaxed) {
        SEARCHING.store(false, SeqCst);
    }
}
