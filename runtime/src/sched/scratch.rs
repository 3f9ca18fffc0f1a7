//! Memory for terms that are looked at or copied before the function returns, and then gone.

use crate::term::{Alloc, OffHeap};

/// Holds no off-heap objects: what is built here only refers to existing ones.
#[derive(Default)]
pub struct Scratch {
    blocks: Vec<Box<[u64]>>,
    off_heap: OffHeap,
}

impl Alloc for Scratch {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        self.blocks.push(vec![0; words].into_boxed_slice());
        self.blocks.last_mut().expect("just pushed").as_mut_ptr()
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}
