//! Figures about the whole program that schedulers and collectors keep and programs ask for.
//!
//! Those who count add once per time slice or collection; nobody reads them to decide anything.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::OnceLock;

/// Reductions used by processes that were scheduled out.
pub static REDUCTIONS: AtomicU64 = AtomicU64::new(0);
/// Times that a process was scheduled in.
pub static CONTEXT_SWITCHES: AtomicU64 = AtomicU64::new(0);
/// Threads that run processes, and most processes at a time; boot sets them.
static SCHEDULERS: AtomicUsize = AtomicUsize::new(0);
static PROCESS_LIMIT: AtomicUsize = AtomicUsize::new(1 << 20);

/// What only the scheduler's own structures know.
pub struct Live {
    pub processes: fn() -> usize,
    /// What each scheduler has to do.
    pub work: fn() -> Vec<Work>,
    /// Whether the process that asks is the only one that has something to do.
    pub is_idle: fn() -> bool,
    /// Bytes of heaps, stacks and messages.
    pub process_bytes: fn() -> usize,
}
/// Of one scheduler.
#[derive(Clone, Copy)]
pub struct Work {
    /// Processes that are ready to run and do not.
    pub queued: usize,
    /// Whether one runs.
    pub is_running: bool,
    /// Nanoseconds that it did not sleep, and that it has existed.
    pub active_ns: i64,
    pub total_ns: i64,
}
static LIVE: OnceLock<Live> = OnceLock::new();
static ALONE: Live = Live {
    processes: || 1,
    work: Vec::new,
    is_idle: || true,
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
