//! What every thread may touch of a process: its number, its signal queue, its priority.
//!
//! * P1: a process is at any time with exactly one holder: the thread that runs it (or a thread that
//!   works for it), the run queue it stands in, or nobody while its signal queue is parked. Whoever
//!   unparks the queue becomes the holder and puts the process into a run queue. Only the holder
//!   touches anything of the process but its `Shared`.
//! * P2: a `Shared` that a thread has found in the table stays mapped until the thread's next
//!   quiescent point (see [`crate::sys::epoch`]).
#![allow(unsafe_code)]

use super::Process;
use super::queue::Queue;
use crate::sys::sync::{AtomicBool, AtomicU8, Ordering};
use crate::term::Term;
use core::ptr::NonNull;

/// In the order in which they are served.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Priority {
    Max = 0,
    High = 1,
    Normal = 2,
    Low = 3,
}
pub const PRIORITIES: usize = 4;

#[repr(C, align(64))]
pub struct Shared {
    pub signals: Queue,
    number: u64,
    process: NonNull<Process>,
    priority: AtomicU8,
    /// Whether it is or was registered under a name.
    pub has_name: AtomicBool,
}

// SAFETY: P1: the process behind the pointer is the holder's.
unsafe impl Sync for Shared {}
// SAFETY: as above.
unsafe impl Send for Shared {}

impl Shared {
    pub fn new(process: NonNull<Process>) -> Shared {
        Shared {
            signals: Queue::new(),
            number: 0,
            process,
            priority: AtomicU8::new(Priority::Normal as u8),
            has_name: AtomicBool::new(false),
        }
    }
    /// Before it is published.
    pub(super) fn set_number(&mut self, number: u64) {
        self.number = number;
    }
    pub fn number(&self) -> u64 {
        self.number
    }
    pub fn id(&self) -> Term {
        Term::pid(self.number)
    }
    pub fn priority(&self) -> Priority {
        match self.priority.load(Ordering::Relaxed) {
            0 => Priority::Max,
            1 => Priority::High,
            2 => Priority::Normal,
            _ => Priority::Low,
        }
    }
    pub fn set_priority(&self, priority: Priority) {
        self.priority.store(priority as u8, Ordering::Relaxed);
    }
    /// The process itself, for its holder (P1).
    pub fn process(&self) -> *mut Process {
        self.process.as_ptr()
    }
}

/// A process that this thread holds (P1) or has found in the table (P2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Handle(NonNull<Shared>);

// SAFETY: a shared reference to something that is `Sync`.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    /// # Safety
    /// P1 or P2 holds for as long as the handle is used.
    pub unsafe fn new(shared: NonNull<Shared>) -> Handle {
        Handle(shared)
    }
    pub fn as_ptr(self) -> *mut Shared {
        self.0.as_ptr()
    }
}
impl core::ops::Deref for Handle {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        // SAFETY: P1 or P2, by the contract of `new`.
        unsafe { self.0.as_ref() }
    }
}
