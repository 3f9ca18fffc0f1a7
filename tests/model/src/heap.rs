//! Signals that hold a number.

use core::ptr::NonNull;
use loom::cell::UnsafeCell;

pub struct FragmentHead {
    pub next: *mut FragmentHead,
    content: UnsafeCell<u64>,
}

pub struct Fragment(NonNull<FragmentHead>);

impl Fragment {
    pub fn new(content: u64) -> Fragment {
        let head = FragmentHead { next: core::ptr::null_mut(), content: UnsafeCell::new(content) };
        Fragment(NonNull::from(Box::leak(Box::new(head))))
    }
    pub fn content(&self) -> u64 {
        // SAFETY: the fragment is owned; the checker watches the cell.
        unsafe { self.0.as_ref().content.with(|content| *content) }
    }
    pub fn into_raw(self) -> NonNull<FragmentHead> {
        let head = self.0;
        core::mem::forget(self);
        head
    }
    /// # Safety
    /// `head` came from [`Fragment::into_raw`] and is owned by the caller.
    pub unsafe fn from_raw(head: NonNull<FragmentHead>) -> Fragment {
        Fragment(head)
    }
}
impl Drop for Fragment {
    fn drop(&mut self) {
        // SAFETY: made by Box, owned by `self`.
        unsafe { drop(Box::from_raw(self.0.as_ptr())) }
    }
}

pub fn out_of_memory(what: &str, _size_bytes: usize) -> ! {
    unreachable!("memory for {what}")
}
