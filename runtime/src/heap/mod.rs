//! Process heaps: a young heap that compiled code bump-allocates on, fragments for what does not
//! fit between two collections, and the old heap.
//!
//! I1: allocation never collects. What does not fit goes to a fragment; the next collection moves
//! everything young or in fragments.
#![allow(unsafe_code)]

pub mod binary;
pub mod bits;
pub mod resource;

use crate::term::OffHeap;
use beamrc_abi::process::ProcessHead;

/// Memory of one process.
#[derive(Default)]
pub struct Heap {
    /// Objects of the young heap and the fragments.
    pub off_heap: OffHeap,
    fragments: Vec<Box<[u64]>>,
}

impl Heap {
    /// Address of `words` fresh words: on the young heap if they fit, else in a fragment.
    pub fn alloc(&mut self, head: &mut ProcessHead, words: usize) -> *mut u64 {
        let end = head.hp + 8 * words as u64;
        if end <= head.heap_limit {
            let object = head.hp as *mut u64;
            head.hp = end;
            return object;
        }
        self.fragments.push(vec![0; words].into_boxed_slice());
        self.fragments.last_mut().expect("just pushed").as_mut_ptr()
    }
}

/// Ends the program: the system has no memory for something that cannot do without.
#[cold]
pub fn out_of_memory(what: &str, size_bytes: usize) -> ! {
    eprintln!("Cannot allocate {size_bytes} bytes of memory (of type \"{what}\").");
    std::process::abort()
}
