//! The queue through which signals reach a process.
//!
//! It is a stack that senders push onto with one compare-and-swap and its process takes as a whole,
//! turned round: so signals of one sender arrive in their order, and a sender never waits for
//! anybody.
//!
//! * Q1: the queue is parked while nobody holds the process (P1). The push that finds it parked
//!   unparks it, once: that sender must make the process run.
//! * Q2: a closed queue stays closed: signals to it come back to their senders.
#![allow(unsafe_code)]

use crate::heap::{Fragment, FragmentHead};
use crate::sys::sync::{AtomicPtr, Ordering};
use core::ptr::{NonNull, null_mut, without_provenance_mut};

/// See the module's head.
pub struct Queue {
    latest: AtomicPtr<FragmentHead>,
}

const PARKED: *mut FragmentHead = without_provenance_mut(1);
const CLOSED: *mut FragmentHead = without_provenance_mut(2);

/// What has become of a signal.
#[must_use]
pub enum Pushed {
    Queued,
    /// It is queued, and the process has been given to the caller, who must make it run (Q1).
    Unparked,
    /// The process is gone.
    Closed(Fragment),
}

impl Queue {
    pub fn new() -> Queue {
        Queue { latest: AtomicPtr::new(null_mut()) }
    }

    pub fn push(&self, signal: Fragment) -> Pushed {
        let signal = signal.into_raw();
        let mut latest = self.latest.load(Ordering::Relaxed);
        loop {
            if latest == CLOSED {
                // SAFETY: not queued, so still the caller's.
                return Pushed::Closed(unsafe { Fragment::from_raw(signal) });
            }
            let before = if latest == PARKED { null_mut() } else { latest };
            // SAFETY: not queued yet.
            unsafe { (*signal.as_ptr()).next = before };
            // Acquire: who unparks a process sees what its last holder did.
            match self.latest.compare_exchange_weak(
                latest,
                signal.as_ptr(),
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) if latest == PARKED => return Pushed::Unparked,
                Ok(_) => return Pushed::Queued,
                Err(now) => latest = now,
            }
        }
    }

    /// Whether the holder would find something to take.
    pub fn is_empty(&self) -> bool {
        let latest = self.latest.load(Ordering::Relaxed);
        latest.is_null() || latest == PARKED || latest == CLOSED
    }
    /// Whether nobody holds the process, and no signal waits for it.
    pub fn is_parked(&self) -> bool {
        self.latest.load(Ordering::Acquire) == PARKED
    }

    /// The holder takes everything, the earliest first.
    pub fn take(&self) -> Chain {
        if self.latest.load(Ordering::Relaxed).is_null() {
            return Chain::default();
        }
        let latest = self.latest.swap(null_mut(), Ordering::Acquire);
        debug_assert!(latest != PARKED && latest != CLOSED, "only the holder takes");
        Chain::reversed(latest)
    }
    /// The holder gives the process up, if no signal is there.
    pub fn park(&self) -> bool {
        self.latest
            .compare_exchange(null_mut(), PARKED, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }
    /// The process exits: what was still queued.
    pub fn close(&self) -> Chain {
        Chain::reversed(self.latest.swap(CLOSED, Ordering::AcqRel))
    }
}
impl Default for Queue {
    fn default() -> Queue {
        Queue::new()
    }
}

/// Signals in order; owned.
pub struct Chain {
    first: *mut FragmentHead,
    last: *mut FragmentHead,
}
impl Default for Chain {
    fn default() -> Chain {
        Chain { first: null_mut(), last: null_mut() }
    }
}
impl Chain {
    fn reversed(latest: *mut FragmentHead) -> Chain {
        let (mut first, mut rest) = (null_mut(), latest);
        while !rest.is_null() {
            // SAFETY: signals that were taken out of the queue.
            unsafe {
                let next = (*rest).next;
                (*rest).next = first;
                first = rest;
                rest = next;
            }
        }
        Chain { first, last: latest }
    }
    pub fn is_empty(&self) -> bool {
        self.first.is_null()
    }
    pub fn append(&mut self, mut other: Chain) {
        if self.first.is_null() {
            core::mem::swap(self, &mut other);
        } else if !other.first.is_null() {
            // SAFETY: the chain's own last signal.
            unsafe { (*self.last).next = other.first };
            self.last = other.last;
            other.first = null_mut();
        }
    }
    pub fn push(&mut self, signal: Fragment) {
        let raw = signal.into_raw().as_ptr();
        // SAFETY: just given to the chain.
        unsafe { (*raw).next = null_mut() };
        self.append(Chain { first: raw, last: raw });
    }
    pub fn pop(&mut self) -> Option<Fragment> {
        let first = NonNull::new(self.first)?;
        // SAFETY: the chain owns its signals.
        unsafe {
            self.first = first.as_ref().next;
            Some(Fragment::from_raw(first))
        }
    }
}
impl Drop for Chain {
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}
