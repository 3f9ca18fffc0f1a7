//! Blocks that are freed by threads which do not own their slab: a stack of blocks at each slab, and
//! at each owner a stack of the slabs that have any. Nothing here knows what else a slab is.
//! `tests/model` has a checker go through it.
//!
//! Whoever pushes a slab's first block queues the slab. The owner takes all slabs, and then the blocks
//! of each: from then on the slab may be queued again.

use crate::sys::sync::{AtomicPtr, Ordering::*};
use core::cell::Cell;
use core::ptr::null_mut;

/// In the place of a free block.
pub struct Node {
    pub next: *mut Node,
}

/// What other threads write of a slab, on a cache line of its own.
#[repr(C, align(64))]
pub struct Remote<S> {
    freed: AtomicPtr<Node>,
    next: Cell<*mut S>,
}
impl<S> Default for Remote<S> {
    fn default() -> Remote<S> {
        Remote { freed: AtomicPtr::new(null_mut()), next: Cell::new(null_mut()) }
    }
}
impl<S> Remote<S> {
    /// Whether the slab is to be queued at its owner, by the caller.
    ///
    /// # Safety
    /// The node is a block of the slab that is given up.
    #[must_use]
    pub unsafe fn push(&self, node: *mut Node) -> bool {
        let mut first = self.freed.load(Relaxed);
        loop {
            // SAFETY: the caller's contract: nobody else has the block.
            unsafe { (*node).next = first };
            match self.freed.compare_exchange_weak(first, node, AcqRel, Relaxed) {
                Ok(_) => return first.is_null(),
                Err(now) => first = now,
            }
        }
    }
    /// All blocks that were pushed, the latest first. For the owner, once it has taken the slab.
    pub fn take(&self) -> *mut Node {
        self.freed.swap(null_mut(), AcqRel)
    }
    /// The slab that was queued before this one. To be read before [`Self::take`].
    pub fn next(&self) -> *mut S {
        self.next.get()
    }
}

/// An owner's slabs with blocks that other threads freed.
pub struct Pending<S>(AtomicPtr<S>);
impl<S> Pending<S> {
    pub fn new() -> Pending<S> {
        Pending(AtomicPtr::new(null_mut()))
    }
    /// Queues a slab.
    ///
    /// # Safety
    /// Its [`Remote::push`] told to, which nobody has done since.
    pub unsafe fn queue(&self, slab: *mut S, remote: &Remote<S>) {
        let mut first = self.0.load(Relaxed);
        loop {
            remote.next.set(first);
            match self.0.compare_exchange_weak(first, slab, Release, Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.load(Relaxed).is_null()
    }
    /// The slab that was queued last; the others follow by [`Remote::next`].
    pub fn take(&self) -> *mut S {
        self.0.swap(null_mut(), Acquire)
    }
}
