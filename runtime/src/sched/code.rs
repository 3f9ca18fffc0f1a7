//! Addresses of assembly that the scheduler has processes go through; boot states them.

use crate::process::Process;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::OnceLock;

/// Has a function do something for a process that may be given up meanwhile (X1).
pub type Guard = unsafe extern "C" fn(*mut Process, extern "C" fn(*mut Process));
static GUARD: OnceLock<Guard> = OnceLock::new();

pub fn set_guard(guard: Guard) {
    let _ = GUARD.set(guard);
}
/// None in tests of single rooms.
pub fn guard() -> Option<Guard> {
    GUARD.get().copied()
}

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
