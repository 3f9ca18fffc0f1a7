//! Addresses of assembly that the scheduler has processes go through; boot states them.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

static START: AtomicU64 = AtomicU64::new(0);
static AWAIT: AtomicU64 = AtomicU64::new(0);

pub fn set(start: u64, await_code: u64) {
    START.store(start, Relaxed);
    AWAIT.store(await_code, Relaxed);
}
/// What a fresh process returns into first.
pub fn start() -> u64 {
    START.load(Relaxed)
}
/// An Erlang function without arguments that waits until `life.run` is done with, and returns
/// `life.result`.
pub fn await_code() -> u64 {
    AWAIT.load(Relaxed)
}
