//! The C library's allocator, as the allocator of Rust's own containers: a process whose BIF needs
//! more than there is ends (see [`super::exhaustion`]), not the program.

use super::exhaustion;
use std::alloc::{GlobalAlloc, Layout, System};

pub struct Malloc;

impl Malloc {
    /// The same again, or the end of what wanted it.
    #[cold]
    fn again(layout: Layout, attempt: impl Fn() -> *mut u8) -> *mut u8 {
        if exhaustion::give_reserve(layout.size()) {
            let memory = attempt();
            if !memory.is_null() {
                return memory;
            }
        }
        if exhaustion::is_fallible() {
            return core::ptr::null_mut();
        }
        exhaustion::out_of_memory("malloc", layout.size())
    }
}

// SAFETY: all memory is System's.
unsafe impl GlobalAlloc for Malloc {
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract.
        let attempt = || unsafe { System.alloc(layout) };
        let memory = attempt();
        if memory.is_null() { Malloc::again(layout, attempt) } else { memory }
    }
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract.
        let attempt = || unsafe { System.alloc_zeroed(layout) };
        let memory = attempt();
        if memory.is_null() { Malloc::again(layout, attempt) } else { memory }
    }
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract.
        unsafe { System.dealloc(memory, layout) };
    }
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's contract.
        let attempt = || unsafe { System.realloc(memory, layout, size) };
        let moved = attempt();
        if moved.is_null() { Malloc::again(layout, attempt) } else { moved }
    }
}

#[global_allocator]
static MALLOC: Malloc = Malloc;
