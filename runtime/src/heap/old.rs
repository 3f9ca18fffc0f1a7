//! The old generation of a heap: chunks that promoted objects are appended to.
//!
//! Invariant G1: its chunks lie above `OLD_START` and nothing else of a process does, so that a
//! minor collection knows an old object by its address. G2: no old object refers to a young one:
//! objects are promoted only after everything they refer to, and are not written afterwards except
//! in raw words.

use crate::sys::OutOfMemory;
use crate::sys::map::Space;
use crate::sys::slab::{self, Block};
use core::ptr::null_mut;

/// At the start of a chunk; its words follow.
#[repr(C)]
struct Chunk {
    previous: *mut Chunk,
    size_bytes: usize,
    /// Words in use, once the next chunk has been opened.
    used_words: usize,
}
const HEAD_WORDS: usize = size_of::<Chunk>() / 8;

/// Chunks grow with the generation, up to this.
const GROWTH_MAX_WORDS: usize = 1 << 20;
const GROWTH_MIN_WORDS: usize = 64 - HEAD_WORDS;
/// A block is not cut down to more than one part of so many.
const LARGEST_REST: usize = 4;

pub(super) struct Old {
    /// The chunk that is appended to.
    chunk: *mut Chunk,
    pub(super) top: *mut u64,
    end: *mut u64,
    /// Words in use in the other chunks.
    closed_words: usize,
    /// Bytes of all chunks.
    size_bytes: usize,
}

impl Default for Old {
    fn default() -> Old {
        Old { chunk: null_mut(), top: null_mut(), end: null_mut(), closed_words: 0, size_bytes: 0 }
    }
}

impl Old {
    pub(super) fn used_words(&self) -> usize {
        self.closed_words + self.open_words()
    }
    pub(super) fn size_words(&self) -> usize {
        self.size_bytes / 8
    }
    pub(super) fn room_words(&self) -> usize {
        (self.end as usize - self.top as usize) / 8
    }
    fn open_words(&self) -> usize {
        if self.chunk.is_null() {
            return 0;
        }
        (self.top as usize - self.chunk as usize) / 8 - HEAD_WORDS
    }

    /// Makes sure that this many words can be appended.
    pub(super) fn reserve(&mut self, words: usize) -> Result<(), OutOfMemory> {
        if words <= self.room_words() {
            return Ok(());
        }
        let growth = (self.used_words() / 2).clamp(GROWTH_MIN_WORDS, GROWTH_MAX_WORDS);
        self.open(words.max(growth))
    }

    /// Opens a chunk of at least this many words.
    pub(super) fn open(&mut self, words: usize) -> Result<(), OutOfMemory> {
        let block = slab::allocate(Space::Old, 8 * (words + HEAD_WORDS))?;
        let closed = self.open_words();
        let chunk = block.address.cast::<Chunk>().as_ptr();
        // SAFETY: a fresh block that is large enough; the chunk so far is this generation's.
        unsafe {
            if !self.chunk.is_null() {
                (*self.chunk).used_words = closed;
            }
            *chunk = Chunk { previous: self.chunk, size_bytes: block.size_bytes, used_words: 0 };
        }
        self.closed_words += closed;
        self.size_bytes += block.size_bytes;
        self.chunk = chunk;
        self.top = chunk.cast::<u64>().wrapping_add(HEAD_WORDS);
        self.end = chunk.cast::<u64>().wrapping_add(block.size_bytes / 8);
        Ok(())
    }

    /// Gives up most of what a large chunk was reserved for and did not need. If that is not much it
    /// stays as address space: most of it was never touched, and the block can serve for the next
    /// collection as it is.
    pub(super) fn trim(&mut self) {
        if self.chunk.is_null() {
            return;
        }
        let used_bytes = 8 * (self.open_words() + HEAD_WORDS);
        // SAFETY: the open chunk is this generation's; what is cut off is unused.
        unsafe {
            let chunk = &mut *self.chunk;
            let block = Block {
                address: core::ptr::NonNull::from_mut(chunk).cast(),
                size_bytes: chunk.size_bytes,
            };
            let wanted_bytes = used_bytes + used_bytes / 8;
            let kept_bytes = if used_bytes < block.size_bytes / LARGEST_REST {
                chunk.size_bytes = slab::shrink(block, wanted_bytes).size_bytes;
                chunk.size_bytes
            } else {
                slab::kept_size(block, wanted_bytes)
            };
            self.size_bytes -= block.size_bytes - kept_bytes;
            self.end = self.chunk.cast::<u64>().wrapping_add(kept_bytes / 8);
        }
    }

    /// Start and number of the words of each chunk, the latest first.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (*mut u64, usize)> {
        let mut chunk = self.chunk;
        let mut open = Some(self.open_words());
        core::iter::from_fn(move || {
            if chunk.is_null() {
                return None;
            }
            // SAFETY: chunks of this generation.
            let head = unsafe { &*chunk };
            let words = chunk.cast::<u64>().wrapping_add(HEAD_WORDS);
            chunk = head.previous;
            Some((words, open.take().unwrap_or(head.used_words)))
        })
    }
}

impl Drop for Old {
    fn drop(&mut self) {
        let mut chunk = self.chunk;
        while let Some(address) = core::ptr::NonNull::new(chunk) {
            // SAFETY: allocated in `open` with this size; nobody uses the generation any more.
            unsafe {
                let Chunk { previous, size_bytes, .. } = address.read();
                slab::free(Block { address: address.cast(), size_bytes });
                chunk = previous;
            }
        }
    }
}
