//! Blocks above the slab sizes: mapped one by one, kept in bins by class when freed.
//!
//! A freed block holds its own bin entry. Each thread keeps a few megabytes of the smaller classes
//! to itself, where a collector's two semispaces come and go; the rest is common. The largest go
//! straight back to the system.

use super::{Block, CLOCK_MS, DECAY_MS, SMALL_CLASSES, ThreadHeap, class_bytes, class_of};
use crate::sys::OutOfMemory;
use crate::sys::lock::{Mutex, MutexGuard};
use crate::sys::map::{self, SPACES, Space};
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::Ordering;

/// Larger blocks are never kept.
const KEPT_MAX_BYTES: usize = 64 << 20;
const BINS: usize = class_of(KEPT_MAX_BYTES) + 1 - SMALL_CLASSES;
/// What one thread keeps.
const LOCAL_MAX_BYTES: usize = 8 << 20;
/// What is kept in common.
const COMMON_MAX_BYTES: usize = 256 << 20;

struct Entry {
    next: *mut Entry,
    size_bytes: usize,
    idle_since_ms: u32,
}

pub(super) struct Cache {
    bins: [[*mut Entry; BINS]; SPACES],
    kept_bytes: usize,
}
// SAFETY: entries belong to the cache alone; whoever owns or has locked the cache owns them.
unsafe impl Send for Cache {}

impl Cache {
    pub(super) const fn new() -> Cache {
        Cache { bins: [[null_mut(); BINS]; SPACES], kept_bytes: 0 }
    }

    fn take(&mut self, space: Space, bin: usize) -> Option<NonNull<u8>> {
        let first = &mut self.bins[space as usize][bin];
        let entry = NonNull::new(*first)?;
        // SAFETY: entries in the bins are blocks of their class that nobody else uses.
        unsafe {
            *first = entry.as_ref().next;
            self.kept_bytes -= entry.as_ref().size_bytes;
        }
        Some(entry.cast())
    }

    /// # Safety
    /// The block is free, the caller's, and of a class that has a bin.
    unsafe fn put(&mut self, space: Space, bin: usize, block: Block) {
        let first = &mut self.bins[space as usize][bin];
        let entry = block.address.cast::<Entry>();
        // SAFETY: the caller's contract; blocks are larger than an entry.
        unsafe {
            entry.write(Entry {
                next: *first,
                size_bytes: block.size_bytes,
                idle_since_ms: CLOCK_MS.load(Ordering::Relaxed) as u32,
            });
        }
        *first = entry.as_ptr();
        self.kept_bytes += block.size_bytes;
    }

    /// Unmaps what has been unused for long. Bins are in order of freeing, the latest first.
    fn decay(&mut self, now_ms: u32) {
        for first in self.bins.iter_mut().flatten() {
            let mut place: *mut *mut Entry = first;
            // SAFETY: entries are the cache's own blocks.
            unsafe {
                while !(*place).is_null() && now_ms.wrapping_sub((**place).idle_since_ms) < DECAY_MS
                {
                    place = &raw mut (**place).next;
                }
                let mut entry = core::mem::replace(&mut *place, null_mut());
                while let Some(idle) = NonNull::new(entry) {
                    let Entry { next, size_bytes, .. } = idle.read();
                    unmap(Block { address: idle.cast(), size_bytes });
                    self.kept_bytes -= size_bytes;
                    entry = next;
                }
            }
        }
    }
}

static COMMON: Mutex<Cache> = Mutex::new(Cache::new());

fn lock() -> MutexGuard<'static, Cache> {
    COMMON.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

pub(super) fn allocate(
    heap: &mut ThreadHeap,
    space: Space,
    class: usize,
) -> Result<NonNull<u8>, OutOfMemory> {
    let bin = class - SMALL_CLASSES;
    if bin < BINS {
        if let Some(block) = heap.large.take(space, bin) {
            return Ok(block);
        }
        if let Some(block) = lock().take(space, bin) {
            return Ok(block);
        }
    }
    map(heap, space, class_bytes(class), map::PAGE_BYTES)
}

/// Maps memory; if there is none, what is kept for reuse may be just what is missing.
pub(super) fn map(
    heap: &mut ThreadHeap,
    space: Space,
    size_bytes: usize,
    align_bytes: usize,
) -> Result<NonNull<u8>, OutOfMemory> {
    map::map(space, size_bytes, align_bytes).or_else(|OutOfMemory| {
        decay(heap, later());
        map::map(space, size_bytes, align_bytes)
    })
}

/// When everything that is unused now will have been so for long.
pub(super) fn later() -> u32 {
    (CLOCK_MS.load(Ordering::Relaxed) as u32).wrapping_add(DECAY_MS)
}

/// # Safety
/// The block came from [`allocate`] and is not used again.
pub(super) unsafe fn free(heap: &mut ThreadHeap, block: Block) {
    let class = class_of(block.size_bytes);
    debug_assert_eq!(class_bytes(class), block.size_bytes, "S4");
    let bin = class - SMALL_CLASSES;
    let space =
        if block.address.as_ptr() as u64 >= map::OLD_START { Space::Old } else { Space::Young };
    // SAFETY: the caller's contract.
    unsafe {
        if bin >= BINS {
            unmap(block);
        } else if heap.large.kept_bytes + block.size_bytes <= LOCAL_MAX_BYTES {
            heap.large.put(space, bin, block);
        } else {
            let mut common = lock();
            if common.kept_bytes + block.size_bytes <= COMMON_MAX_BYTES {
                common.put(space, bin, block);
            } else {
                drop(common);
                unmap(block);
            }
        }
    }
}

pub(super) fn decay(heap: &mut ThreadHeap, now_ms: u32) {
    heap.large.decay(now_ms);
    lock().decay(now_ms);
}

/// # Safety
/// The block is a mapping of its own that is not used again.
unsafe fn unmap(block: Block) {
    // SAFETY: the caller's contract.
    unsafe { map::unmap(block.address, block.size_bytes) };
}
