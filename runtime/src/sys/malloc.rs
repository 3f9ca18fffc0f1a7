//! The allocator of Rust's own containers: the C library's, or in a scope the thread's arena (see
//! [`super::arena`]). A process whose BIF needs more than there is ends (see
//! [`super::exhaustion`]), not the program.

use super::{arena, exhaustion, slab};
use core::ptr::{NonNull, null_mut};
use std::alloc::{GlobalAlloc, Layout, System};

/// What the C library has mapped for itself where memory is short, and gives back when it is freed.
const MAPPED_MIN_BYTES: core::ffi::c_int = 128 << 10;

/// Memory is short. By itself the C library keeps tens of megabytes between pieces in use, where
/// blocks for heaps cannot be; from now on it gives back what is large.
pub(super) fn keep_little() {
    // SAFETY: a number that the library also changes itself, in any thread.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_MIN_BYTES) };
}

pub struct Malloc;

impl Malloc {
    /// The same again, or the end of what wanted it.
    #[cold]
    fn again(layout: Layout, attempt: impl Fn() -> *mut u8) -> *mut u8 {
        slab::give_back_unused();
        let memory = attempt();
        if !memory.is_null() {
            return memory;
        }
        if exhaustion::give_reserve(layout.size()) {
            let memory = attempt();
            if !memory.is_null() {
                return memory;
            }
        }
        if exhaustion::is_fallible() {
            return null_mut();
        }
        exhaustion::out_of_memory("malloc", layout.size())
    }
    #[inline]
    fn attempt(layout: Layout, attempt: impl Fn() -> *mut u8) -> *mut u8 {
        let memory = attempt();
        if memory.is_null() { Malloc::again(layout, attempt) } else { memory }
    }
    #[inline]
    fn scratch(layout: Layout) -> *mut u8 {
        Malloc::attempt(layout, || arena::allocate(layout).map_or(null_mut(), NonNull::as_ptr))
    }
    /// # Safety
    /// As of [`GlobalAlloc::realloc`]; the memory is the arena's.
    unsafe fn resize_scratch(memory: NonNull<u8>, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's contract; the new memory is as large as either.
        unsafe {
            if arena::resize(memory, layout, size) {
                return memory.as_ptr();
            }
            // Where it is in use may no longer be in its scope.
            let moved = Malloc.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(memory.as_ptr(), size.min(layout.size()));
                arena::free(memory, layout);
            }
            moved
        }
    }
}

// SAFETY: all memory is System's or the arena's, which stays as long as it is used (C1).
unsafe impl GlobalAlloc for Malloc {
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if arena::takes(layout) {
            return Malloc::scratch(layout);
        }
        // SAFETY: the caller's contract.
        Malloc::attempt(layout, || unsafe { System.alloc(layout) })
    }
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if arena::takes(layout) {
            let memory = Malloc::scratch(layout);
            if !memory.is_null() {
                // SAFETY: fresh memory of this size.
                unsafe { memory.write_bytes(0, layout.size()) };
            }
            return memory;
        }
        // SAFETY: the caller's contract.
        Malloc::attempt(layout, || unsafe { System.alloc_zeroed(layout) })
    }
    /// Never in line, and so is `realloc`: where the compiler sees that memory comes from an allocator
    /// it takes comparisons of its address for something it may decide, and asks nobody whose it is.
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline(never)]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract; C1.
        unsafe {
            if arena::owns(memory) {
                arena::free(NonNull::new_unchecked(memory), layout);
            } else {
                System.dealloc(memory, layout);
            }
        }
    }
    /// # Safety
    /// As of [`GlobalAlloc`].
    #[inline(never)]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if arena::owns(memory) {
            // SAFETY: the caller's contract.
            return unsafe { Malloc::resize_scratch(NonNull::new_unchecked(memory), layout, size) };
        }
        // SAFETY: the caller's contract.
        Malloc::attempt(layout, || unsafe { System.realloc(memory, layout, size) })
    }
}

#[global_allocator]
static MALLOC: Malloc = Malloc;
