//! Address space: where memory of each sort is mapped.
//!
//! The sort of a piece of memory can be read off its address (I6), so a collector needs one
//! comparison to know what to leave alone: literals lie below [`LITERAL_END`], young objects and
//! everything else that processes own from there to [`OLD_START`], old generations above.
//! Mappings are placed by explicit address, never where the kernel likes.

use super::OutOfMemory;
use beamrc_abi::term::LITERAL_END;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// Addresses from here to [`OLD_END`] belong to old generations, and nothing else of a process
/// does.
pub const OLD_START: u64 = 1 << 42;
pub const OLD_END: u64 = 1 << 43;
/// Literals that are made at run time; the program's own lie below.
const LITERAL_START: u64 = 1 << 36;

/// What a mapping is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum Space {
    /// Young heaps, fragments, stacks, process blocks.
    Young = 0,
    /// Old generations.
    Old = 1,
    /// Terms that live as long as the program.
    Literal = 2,
}
pub const SPACES: usize = 3;

struct Range {
    start: u64,
    end: u64,
    /// Where to try next. Wraps around at the end.
    next: AtomicU64,
}
const fn range(start: u64, end: u64) -> Range {
    Range { start, end, next: AtomicU64::new(start) }
}
static RANGES: [Range; SPACES] =
    [range(LITERAL_END, OLD_START), range(OLD_START, OLD_END), range(LITERAL_START, LITERAL_END)];

pub const PAGE_BYTES: usize = 4096;
/// Places that are tried before the space counts as full.
const ATTEMPTS: usize = 4096;
/// After a place that is taken, so much is skipped, and after each further one twice as much: once
/// the range has been gone through, what lives long stands close together at its start.
const SKIP_BYTES: u64 = 1 << 20;

/// Maps `size_bytes` (a multiple of the page) of zeros at a multiple of `align_bytes`.
pub fn map(
    space: Space,
    size_bytes: usize,
    align_bytes: usize,
) -> Result<NonNull<u8>, OutOfMemory> {
    map_in(&RANGES[space as usize], size_bytes, align_bytes)
}

/// So many null pointers, for as long as the program runs.
pub fn null_pointers<T>(count: usize) -> Result<&'static [AtomicPtr<T>], OutOfMemory> {
    let bytes = (count * size_of::<AtomicPtr<T>>()).next_multiple_of(PAGE_BYTES);
    let memory = map(Space::Young, bytes, PAGE_BYTES)?;
    // SAFETY: a fresh mapping of zeros, which are null pointers, that is never given back.
    Ok(unsafe { core::slice::from_raw_parts(memory.as_ptr().cast(), count) })
}

fn map_in(
    range: &Range,
    size_bytes: usize,
    align_bytes: usize,
) -> Result<NonNull<u8>, OutOfMemory> {
    debug_assert!(size_bytes.is_multiple_of(PAGE_BYTES) && align_bytes.is_power_of_two());
    let mut skip_bytes = SKIP_BYTES;
    if size_bytes as u64 > range.end - range.start {
        return Err(OutOfMemory);
    }
    for _ in 0..ATTEMPTS {
        let address = reserve(range, size_bytes as u64, align_bytes as u64);
        // SAFETY: a fresh anonymous mapping that replaces nothing.
        let got = unsafe {
            libc::mmap(
                address as *mut libc::c_void,
                size_bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE
                    | libc::MAP_ANONYMOUS
                    | libc::MAP_NORESERVE
                    | libc::MAP_FIXED_NOREPLACE,
                -1,
                0,
            )
        };
        if got as u64 == address {
            return Ok(NonNull::new(got.cast()).expect("no space starts at zero"));
        }
        if got != libc::MAP_FAILED {
            // An old kernel took the address for a hint. SAFETY: just mapped, not used yet.
            unsafe { libc::munmap(got, size_bytes) };
        } else if std::io::Error::last_os_error().raw_os_error() != Some(libc::EEXIST) {
            return Err(OutOfMemory);
        }
        reserve(range, skip_bytes, PAGE_BYTES as u64);
        skip_bytes = (2 * skip_bytes).min((range.end - range.start) / 64);
    }
    Err(OutOfMemory)
}

/// The next aligned place of this size in a range.
fn reserve(range: &Range, size_bytes: u64, align_bytes: u64) -> u64 {
    let mut next = range.next.load(Ordering::Relaxed);
    loop {
        let mut address = next.next_multiple_of(align_bytes);
        if address + size_bytes > range.end {
            address = range.start.next_multiple_of(align_bytes);
        }
        let after = address + size_bytes;
        match range.next.compare_exchange_weak(next, after, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return address,
            Err(now) => next = now,
        }
    }
}

/// Gives whole pages back, address space included.
/// # Safety
/// They were mapped by [`map`] and are not used again.
pub unsafe fn unmap(address: NonNull<u8>, size_bytes: usize) {
    // SAFETY: the caller's contract.
    let result = unsafe { libc::munmap(address.as_ptr().cast(), size_bytes) };
    debug_assert_eq!(result, 0, "munmap");
}

/// Gives the memory of whole pages back; the addresses stay usable and read as zero.
/// # Safety
/// They were mapped by [`map`]; what they hold is not needed any more.
pub unsafe fn discard(address: NonNull<u8>, size_bytes: usize) {
    // SAFETY: the caller's contract.
    unsafe { libc::madvise(address.as_ptr().cast(), size_bytes, libc::MADV_DONTNEED) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_behind_all_that_is_taken() {
        const START: u64 = 1 << 44;
        const TAKEN_BYTES: usize = 1 << 30;
        let area = range(START, START + (1 << 38));
        let taken = map_in(&area, TAKEN_BYTES, PAGE_BYTES).expect("address space");
        // As if the range had been gone through.
        area.next.store(START, Ordering::Relaxed);
        let next = map_in(&area, PAGE_BYTES, PAGE_BYTES).expect("most of it is free");
        assert!(next.addr().get() >= START as usize + TAKEN_BYTES);
        // SAFETY: mapped here.
        unsafe {
            unmap(taken, TAKEN_BYTES);
            unmap(next, PAGE_BYTES);
        }
    }
}
