//! Memory for terms that are looked at or copied before the function returns, and then gone.

use crate::heap::{Fragment, out_of_memory};
use crate::term::{Alloc, OffHeap};

/// Holds no off-heap objects: what is built here only refers to existing ones.
#[derive(Default)]
pub struct Scratch {
    /// Fragments, because only the addresses of process memory are not taken for literals (I6).
    fragments: Vec<Fragment>,
    off_heap: OffHeap,
}

impl Alloc for Scratch {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        let mut fragment =
            Fragment::new(words).unwrap_or_else(|_| out_of_memory("scratch", 8 * words));
        let address = fragment.alloc(words);
        self.fragments.push(fragment);
        address
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}
