//! Memory for terms that live as long as the program (I6): large literal maps, persistent terms.
//!
//! Bump allocation over mappings below `LITERAL_END`; nothing is ever given back. One thread
//! allocates at a time, behind the lock that [`with`] takes.

use super::out_of_memory;
use crate::sys::lock::Mutex;
use crate::sys::map::{self, Space};
use crate::sys::{OutOfMemory, exhaustion};
use crate::term::{Alloc, OffHeap};

const CHUNK_BYTES: usize = 64 << 10;

#[derive(Default)]
pub struct LiteralArea {
    next: u64,
    end: u64,
    /// Binaries that literals refer to stay for ever.
    off_heap: OffHeap,
}

static AREA: Mutex<LiteralArea> =
    Mutex::new(LiteralArea { next: 0, end: 0, off_heap: OffHeap { first: 0, virtual_words: 0 } });

/// Builds in the literal area.
pub fn with<R>(build: impl FnOnce(&mut LiteralArea) -> R) -> R {
    build(&mut AREA.lock().expect("no panic while building"))
}

impl Alloc for LiteralArea {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        let bytes = (8 * words as u64).next_multiple_of(16);
        if self.end - self.next < bytes {
            let size = (bytes as usize).max(CHUNK_BYTES).next_multiple_of(map::PAGE_BYTES);
            let attempt = || map::map(Space::Literal, size, map::PAGE_BYTES);
            let chunk = match attempt() {
                Err(OutOfMemory) if exhaustion::give_reserve(size) => attempt(),
                first => first,
            }
            .unwrap_or_else(|OutOfMemory| out_of_memory("literal", size));
            self.next = chunk.as_ptr() as u64;
            self.end = self.next + size as u64;
        }
        let object = self.next;
        self.next += bytes;
        object as *mut u64
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}
