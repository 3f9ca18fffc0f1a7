//! Whose turn it is at a scheduler: that of the thread that belongs there, or of a substitute.
//!
//! * V1: `turn` is even between time slices and odd during one, and never falls. Whoever raises it
//!   from odd to even takes or keeps the place: the thread at the end of its slice, or the watcher,
//!   who gives it to a substitute. So a scheduler's loop has one thread at a time.

use super::sleep::Bed;
use crate::sys::sync::{AtomicBool, AtomicU64, Ordering::*, Thread, current, park};
use std::sync::OnceLock;

/// A scheduler as the watcher sees it.
#[derive(Default)]
pub struct Place {
    /// V1.
    turn: AtomicU64,
    /// The thread that belongs here waits for its place.
    returning: AtomicBool,
    resident: OnceLock<Thread>,
}

/// How a thread came to its scheduler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    Resident,
    Substitute,
}

impl Place {
    /// As of now; odd during a time slice.
    pub fn turn(&self) -> u64 {
        self.turn.load(Acquire)
    }
    /// A time slice begins; to be given to [`Place::end_slice`].
    pub fn begin_slice(&self) -> u64 {
        let turn = self.turn.load(Relaxed) + 1;
        self.turn.store(turn, Release);
        turn
    }
    /// Whether a process runs.
    pub fn is_in_slice(&self) -> bool {
        self.turn.load(Relaxed) % 2 == 1
    }
    /// Whether the thread still has its place; for the watcher, whether it has taken it.
    pub fn end_slice(&self, turn: u64) -> bool {
        self.turn.compare_exchange(turn, turn + 1, AcqRel, Relaxed).is_ok()
    }
    /// Whether the thread at the scheduler is to give the place back now.
    pub fn is_wanted_back(&self, seat: Seat) -> bool {
        seat == Seat::Substitute && self.returning.load(Acquire)
    }
    /// The substitute leaves.
    pub fn give_back(&self) {
        self.returning.store(false, Release);
        if let Some(resident) = self.resident.get() {
            resident.unpark();
        }
    }
    /// The resident has been held up: waits until it has its place again.
    pub fn come_back(&self, bed: &Bed) {
        self.returning.store(true, SeqCst);
        bed.wake();
        while self.returning.load(Acquire) {
            park();
        }
    }
    /// The thread that belongs here.
    pub fn set_resident(&self) {
        let _ = self.resident.set(current());
    }
}
