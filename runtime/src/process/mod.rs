//! A process: its head (shared with compiled code), heap, exception state.

pub mod exception;

use crate::heap::Heap;
use crate::term::{Alloc, OffHeap, Term};
use beamrc_abi::process::ProcessHead;

/// Everything a process owns. Compiled code sees the head only.
#[repr(C)]
pub struct Process {
    pub head: ProcessHead,
    pub heap: Heap,
    pub exception: exception::State,
    pub id: Term,
}

impl Alloc for Process {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        self.heap.alloc(&mut self.head, words)
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.heap.off_heap
    }
}

impl Process {
    /// Charge reductions for work done in native code: about one per 100 ns.
    pub fn charge(&mut self, reductions: usize) {
        self.head.fcalls -= reductions as i64;
    }
}
