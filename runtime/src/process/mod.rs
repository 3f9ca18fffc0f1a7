//! A process: its head (shared with compiled code), heap, exception state.

mod arguments;
pub mod dictionary;
pub mod exception;
pub mod figures;
pub mod settings;
pub mod stack;
pub mod trace;

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
    pub dictionary: dictionary::Dictionary,
}

impl Alloc for Process {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        self.heap.alloc(&mut self.head, words)
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.heap.off_heap
    }
    fn charge_off_heap(&mut self, words: usize) {
        self.heap.charge_off_heap(&mut self.head, words);
    }
}

impl Process {
    /// Charge reductions for work done in native code: about one per 100 ns.
    pub fn charge(&mut self, reductions: usize) {
        self.head.fcalls -= reductions as i64;
    }
}

#[cfg(test)]
impl Process {
    /// A process with an own heap and `x` registers that no scheduler knows: everything it builds
    /// goes to fragments.
    pub fn for_tests() -> Box<Process> {
        let x = Box::leak(Box::new([0u64; beamrc_abi::process::X_REGISTERS]));
        Box::new(Process {
            head: ProcessHead {
                hp: 0,
                heap_limit: 0,
                stack_limit: 0,
                fcalls: 4000,
                scheduler_sp: 0,
                saved_sp: 0,
                saved_fp: 0,
                chunk: 0,
                x: x.as_mut_ptr() as u64,
                restart: 0,
                slow_result: 0,
                jump: 0,
                suspended: 0,
            },
            heap: Heap::default(),
            exception: exception::State::new(),
            id: Term::pid(1),
            dictionary: dictionary::Dictionary::default(),
        })
    }
}
