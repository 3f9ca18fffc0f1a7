//! Figures about the whole program that schedulers and collectors keep and programs ask for.
//!
//! Those who count add once per time slice or collection; nobody reads them to decide anything.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::OnceLock;

/// Reductions used by processes that were scheduled out.
pub static REDUCTIONS: AtomicU64 = AtomicU64::new(0);
/// Times that a process was scheduled in.
pub static CONTEXT_SWITCHES: AtomicU64 = AtomicU64::new(0);
pub static COLLECTIONS: AtomicU64 = AtomicU64::new(0);
/// Words that collections found dead.
pub static RECLAIMED_WORDS: AtomicU64 = AtomicU64::new(0);
/// Bytes read from and written to descriptors.
pub static INPUT_BYTES: AtomicU64 = AtomicU64::new(0);
pub static OUTPUT_BYTES: AtomicU64 = AtomicU64::new(0);
/// Threads that run processes, and most processes at a time; boot sets them.
static SCHEDULERS: AtomicUsize = AtomicUsize::new(0);
static PROCESS_LIMIT: AtomicUsize = AtomicUsize::new(1 << 20);

/// What only the scheduler's own structures know.
pub struct Live {
    pub processes: fn() -> usize,
    /// Processes that are ready to run and do not.
    pub run_queue: fn() -> usize,
    /// Bytes of heaps, stacks and messages.
    pub process_bytes: fn() -> usize,
}
static LIVE: OnceLock<Live> = OnceLock::new();
static ALONE: Live = Live {
    processes: || 1,
    run_queue: || 0,
    process_bytes: crate::sys::slab::in_use_bytes,
};

pub fn set_live(live: Live) {
    let _ = LIVE.set(live);
}
pub fn live() -> &'static Live {
    LIVE.get().unwrap_or(&ALONE)
}

pub fn set_schedulers(count: usize) {
    SCHEDULERS.store(count, Relaxed);
}
pub fn schedulers() -> usize {
    match SCHEDULERS.load(Relaxed) {
        0 => processors(),
        count => count,
    }
}
pub fn set_process_limit(limit: usize) {
    PROCESS_LIMIT.store(limit, Relaxed);
}
pub fn process_limit() -> usize {
    PROCESS_LIMIT.load(Relaxed)
}
/// Processors that this program may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}
