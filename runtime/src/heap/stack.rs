//! Chunks of stack: the first is small and part of its process's block, further ones double up to
//! 256 KiB.
//!
//! A chunk stays linked when the process returns from it, so that going back and forth over its
//! start costs nothing; [`trim`] frees those that have not been used for some collections.
//!
//! A collector need not look again at a chunk that nothing has run in while two collections scanned
//! it: the first made its terms survivors, the second promoted them. `scans` counts them; entering
//! a chunk, returning and throwing into it start again from zero.

use super::collect::Visitor;
use crate::sys::OutOfMemory;
use crate::sys::map::Space;
use crate::sys::slab::{self, Block};
use beamrc_abi::process::{RED_ZONE_BYTES, StackChunk};
use core::ptr::NonNull;

/// Bytes that a process's first chunk has at least.
pub const FIRST_BYTES: usize = size_of::<StackChunk>() + RED_ZONE_BYTES + 192;
/// Bytes of the second at least; the following ones double.
const SECOND_BYTES: usize = 1 << 10;
const LARGEST_BYTES: usize = 256 << 10;
/// Scans after which a chunk holds old terms only.
const SETTLED_SCANS: u64 = 2;
/// Collections that an unused chunk survives.
const UNUSED_COLLECTIONS: u64 = 4;

fn allocate(
    size_bytes: usize,
    previous: *mut StackChunk,
) -> Result<NonNull<StackChunk>, OutOfMemory> {
    let Block { address, size_bytes } = slab::allocate(Space::Young, size_bytes)?;
    // SAFETY: a fresh block, larger than a chunk's head.
    Ok(unsafe { make(address, size_bytes, previous) })
}

/// # Safety
/// The memory is the caller's, aligned to words, and larger than a chunk's head.
unsafe fn make(
    memory: NonNull<u8>,
    size_bytes: usize,
    previous: *mut StackChunk,
) -> NonNull<StackChunk> {
    let start = memory.as_ptr() as u64;
    let chunk = memory.cast::<StackChunk>();
    // SAFETY: the caller's contract.
    unsafe {
        chunk.write(StackChunk {
            saved_sp: 0,
            previous: previous as u64,
            limit: start + (size_of::<StackChunk>() + RED_ZONE_BYTES) as u64,
            next: 0,
            size_bytes: size_bytes as u64,
            top: start + size_bytes as u64,
            scans: 0,
        });
    }
    chunk
}

/// The chunk of a new process. Tops are aligned to 64 bytes.
/// # Safety
/// The memory is of [`FIRST_BYTES`] at least, ends at a multiple of 64 bytes, and outlives the stack.
pub unsafe fn first(memory: NonNull<u8>, size_bytes: usize) -> NonNull<StackChunk> {
    debug_assert!(size_bytes >= FIRST_BYTES);
    // SAFETY: the caller's contract.
    unsafe { make(memory, size_bytes, core::ptr::null_mut()) }
}

/// The chunk to go on in when `current` is full: the one behind it if a frame of `frame_bytes` fits
/// into that, or a new one.
/// # Safety
/// `current` is a chunk of a living process that the caller runs (I3); nothing refers to frames
/// behind it.
pub unsafe fn next(
    current: NonNull<StackChunk>,
    frame_bytes: usize,
) -> Result<NonNull<StackChunk>, OutOfMemory> {
    // SAFETY: the caller's contract.
    unsafe {
        let head = &mut *current.as_ptr();
        if let Some(next) = NonNull::new(head.next as *mut StackChunk) {
            let room = (*next.as_ptr()).top - (*next.as_ptr()).limit;
            if room >= frame_bytes as u64 {
                (*next.as_ptr()).scans = 0;
                return Ok(next);
            }
            trim_all(current);
        }
        let needed = size_of::<StackChunk>() + RED_ZONE_BYTES + frame_bytes;
        let size_bytes = (2 * head.size_bytes as usize)
            .clamp(SECOND_BYTES, LARGEST_BYTES)
            .max(needed.next_power_of_two());
        let next = allocate(size_bytes, current.as_ptr())?;
        head.next = next.as_ptr() as u64;
        Ok(next)
    }
}

/// Whether the collector `V` may leave out the frames in a chunk that is not the current one;
/// counts a scan if not.
/// # Safety
/// As for [`next`].
pub unsafe fn is_settled<V: Visitor>(chunk: NonNull<StackChunk>) -> bool {
    // SAFETY: the caller's contract.
    let head = unsafe { &mut *chunk.as_ptr() };
    if V::MINOR && head.scans >= SETTLED_SCANS {
        return true;
    }
    head.scans += 1;
    false
}

/// Frees chunks behind the current one that were not used during the last few calls. To be called
/// at every collection.
/// # Safety
/// As for [`next`]; nothing refers to frames behind `current`.
pub unsafe fn trim(current: NonNull<StackChunk>) {
    let mut before = current;
    // SAFETY: the caller's contract; chunks of one chain.
    unsafe {
        while let Some(chunk) = NonNull::new((*before.as_ptr()).next as *mut StackChunk) {
            let head = &mut *chunk.as_ptr();
            head.scans += 1;
            if head.scans > UNUSED_COLLECTIONS {
                (*before.as_ptr()).next = 0;
                free_from(chunk);
                return;
            }
            before = chunk;
        }
    }
}

/// Frees all chunks behind the current one: for a process that was asked to give memory back.
/// # Safety
/// As for [`trim`].
pub unsafe fn trim_all(current: NonNull<StackChunk>) {
    // SAFETY: the caller's contract.
    unsafe {
        let next = core::mem::take(&mut (*current.as_ptr()).next);
        if let Some(next) = NonNull::new(next as *mut StackChunk) {
            free_from(next);
        }
    }
}

/// Frees the whole stack that a chunk belongs to, but for the first chunk, which is its process's.
/// # Safety
/// Nothing refers to frames of the stack any more.
pub unsafe fn free(any: NonNull<StackChunk>) {
    // SAFETY: the caller's contract.
    unsafe { trim_all(first_of(any)) };
}

/// Bytes of the whole stack that a chunk belongs to.
/// # Safety
/// As for [`next`].
pub unsafe fn size_bytes(any: NonNull<StackChunk>) -> usize {
    let mut total = 0;
    // SAFETY: the caller's contract.
    unsafe {
        let mut chunk = Some(first_of(any));
        while let Some(address) = chunk {
            let head = address.as_ref();
            total += head.size_bytes as usize;
            chunk = NonNull::new(head.next as *mut StackChunk);
        }
    }
    total
}

/// # Safety
/// As for [`next`].
unsafe fn first_of(mut chunk: NonNull<StackChunk>) -> NonNull<StackChunk> {
    // SAFETY: the caller's contract.
    while let Some(previous) = NonNull::new(unsafe { chunk.as_ref() }.previous as *mut StackChunk) {
        chunk = previous;
    }
    chunk
}

/// # Safety
/// Nothing refers to the chunk or those behind it.
unsafe fn free_from(chunk: NonNull<StackChunk>) {
    let mut next = Some(chunk);
    while let Some(chunk) = next {
        // SAFETY: the caller's contract; allocated in `allocate` with this size.
        unsafe {
            let StackChunk { next: following, size_bytes, .. } = chunk.read();
            let address = chunk.cast();
            slab::free(Block { address, size_bytes: size_bytes as usize });
            next = NonNull::new(following as *mut StackChunk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Term;

    struct Minor;
    impl Visitor for Minor {
        const MINOR: bool = true;
        fn term(&mut self, _slot: &mut Term) {}
    }
    struct Major;
    impl Visitor for Major {
        const MINOR: bool = false;
        fn term(&mut self, _slot: &mut Term) {}
    }

    /// The head of a chunk that the test owns.
    fn head<'a>(chunk: NonNull<StackChunk>) -> &'a StackChunk {
        // SAFETY: the test frees its chunks last.
        unsafe { &*chunk.as_ptr() }
    }

    #[repr(align(64))]
    struct Memory([u8; FIRST_BYTES.next_multiple_of(64)]);
    impl Memory {
        fn first(&mut self) -> NonNull<StackChunk> {
            let memory = NonNull::from(&mut self.0);
            // SAFETY: tests free their stacks before they give up the memory.
            unsafe { first(memory.cast(), size_of::<Memory>()) }
        }
    }

    #[test]
    fn chunks_double_and_are_reused() {
        let memory = &mut Memory([0; _]);
        let start = memory.first();
        let mut chunk = start;
        let mut sizes = Vec::new();
        for _ in 0..10 {
            sizes.push(head(chunk).size_bytes as usize);
            assert!(head(chunk).top.is_multiple_of(64));
            assert!(head(chunk).limit + 128 < head(chunk).top);
            // SAFETY: ours.
            let following = unsafe { next(chunk, 0).unwrap() };
            assert_eq!(head(following).previous, chunk.as_ptr() as u64);
            // SAFETY: ours.
            assert!(unsafe { next(chunk, 0) } == Ok(following));
            chunk = following;
        }
        assert!(sizes[0] == size_of::<Memory>() && sizes[1] >= SECOND_BYTES);
        assert!(sizes.is_sorted_by(|a, b| *b == LARGEST_BYTES || *b >= 2 * a));
        assert_eq!(sizes[9], LARGEST_BYTES);
        // SAFETY: ours; the chunks behind the first are unused.
        unsafe {
            assert!(size_bytes(chunk) > 2 * LARGEST_BYTES);
            for _ in 0..UNUSED_COLLECTIONS {
                trim(start);
                assert!(head(start).next != 0);
            }
            next(start, 0).unwrap();
            trim(start);
            assert!(head(start).next != 0, "the second chunk was used");
            assert_eq!(size_bytes(start), sizes[0] + sizes[1]);
            let small = next(start, 0).unwrap();
            assert!(head(small).top - head(small).limit < 20_000);
            let large = next(start, 20_000).unwrap();
            assert!(head(large).top - head(large).limit >= 20_000);
            assert!(next(start, 0) == Ok(large));
            trim_all(start);
            assert_eq!(size_bytes(start), sizes[0]);
            free(start);
        }
    }

    #[test]
    fn a_chunk_settles_after_two_scans() {
        let memory = &mut Memory([0; _]);
        let start = memory.first();
        // SAFETY: ours.
        unsafe {
            assert!(!is_settled::<Minor>(start));
            assert!(!is_settled::<Major>(start));
            assert!(is_settled::<Minor>(start) && !is_settled::<Major>(start));
            (*start.as_ptr()).scans = 0;
            assert!(!is_settled::<Minor>(start));
            free(start);
        }
    }
}
