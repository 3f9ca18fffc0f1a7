//! Scoped scratch memory: bump allocation on a chain of 64 KiB pages, released as one.
//!
//! For what lives only for the length of one request or one BIF. Nothing in it is dropped, hence
//! the `Copy` bounds; dropping the arena invalidates everything, hence the lifetimes.

use super::OutOfMemory;
use super::map::Space;
use super::slab::{self, Block};
use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::{NonNull, null_mut};

pub const PAGE_BYTES: usize = 64 << 10;

/// At the start of each page.
struct Page {
    previous: *mut Page,
    size_bytes: usize,
}

pub struct Arena {
    page: Cell<*mut Page>,
    next: Cell<usize>,
    end: Cell<usize>,
}

impl Arena {
    /// Empty; takes its first page when it is needed.
    pub const fn new() -> Arena {
        Arena { page: Cell::new(null_mut()), next: Cell::new(0), end: Cell::new(0) }
    }

    /// Uninitialised memory that lives as long as the arena.
    pub fn try_alloc(&self, layout: Layout) -> Result<NonNull<u8>, OutOfMemory> {
        let start = self.next.get().next_multiple_of(layout.align());
        match start.checked_add(layout.size()) {
            Some(end) if end <= self.end.get() => {
                self.next.set(end);
                let page = self.page.get().cast::<u8>();
                if page.is_null() {
                    return Ok(NonNull::without_provenance(
                        layout.align().try_into().expect("no zero"),
                    ));
                }
                Ok(NonNull::new(page.with_addr(start)).expect("behind a page's head"))
            }
            _ => self.new_page(layout),
        }
    }

    #[cold]
    fn new_page(&self, layout: Layout) -> Result<NonNull<u8>, OutOfMemory> {
        let need_bytes = size_of::<Page>()
            .checked_add(layout.align())
            .and_then(|n| n.checked_add(layout.size()))
            .ok_or(OutOfMemory)?;
        let block = slab::allocate(Space::Young, need_bytes.max(PAGE_BYTES))?;
        let page = block.address.cast::<Page>();
        // SAFETY: a fresh block that is larger than a head.
        unsafe {
            page.write(Page { previous: self.page.get(), size_bytes: block.size_bytes });
        }
        self.page.set(page.as_ptr());
        self.next.set(page.addr().get() + size_of::<Page>());
        self.end.set(page.addr().get() + block.size_bytes);
        self.try_alloc(layout)
    }

    fn alloc(&self, layout: Layout) -> NonNull<u8> {
        self.try_alloc(layout)
            .unwrap_or_else(|OutOfMemory| super::exhaustion::out_of_memory("arena", layout.size()))
    }

    /// `length` copies of a value.
    #[expect(clippy::mut_from_ref, reason = "every call returns other memory")]
    pub fn slice<T: Copy>(&self, length: usize, value: T) -> &mut [T] {
        let layout = Layout::array::<T>(length).expect("no slice is that long");
        let start = self.alloc(layout).cast::<T>();
        // SAFETY: fresh memory for `length` values, all written before the slice is made.
        unsafe {
            for index in 0..length {
                start.add(index).write(value);
            }
            core::slice::from_raw_parts_mut(start.as_ptr(), length)
        }
    }

    /// A copy of a slice.
    #[expect(clippy::mut_from_ref, reason = "every call returns other memory")]
    pub fn copy<T: Copy>(&self, source: &[T]) -> &mut [T] {
        let start = self.alloc(Layout::for_value(source)).cast::<T>();
        // SAFETY: fresh memory of the source's size.
        unsafe {
            core::ptr::copy_nonoverlapping(source.as_ptr(), start.as_ptr(), source.len());
            core::slice::from_raw_parts_mut(start.as_ptr(), source.len())
        }
    }

    pub fn value<T: Copy>(&self, value: T) -> &mut T {
        &mut self.slice(1, value)[0]
    }

    /// Gives all memory back but keeps the arena; the borrow checker sees to it that nothing in it
    /// is used any more.
    pub fn clear(&mut self) {
        let mut page = self.page.replace(null_mut());
        self.next.set(0);
        self.end.set(0);
        while let Some(address) = NonNull::new(page) {
            // SAFETY: pages of this arena, allocated in `new_page` with this size.
            unsafe {
                let Page { previous, size_bytes } = address.read();
                slab::free(Block { address: address.cast(), size_bytes });
                page = previous;
            }
        }
    }
}

impl Default for Arena {
    fn default() -> Arena {
        Arena::new()
    }
}
impl Drop for Arena {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_keep_their_content_over_pages() {
        let mut arena = Arena::new();
        for round in 0..3 {
            let slices: Vec<&mut [u32]> =
                (0..2000u32).map(|i| arena.slice(i as usize % 300, i + round)).collect();
            let large = arena.slice(100_000, 7u64);
            let copy = arena.copy(b"some bytes");
            for (i, slice) in slices.iter().enumerate() {
                assert!(slice.iter().all(|&v| v == i as u32 + round));
            }
            assert!(large.iter().all(|&v| v == 7) && large.as_ptr().is_aligned());
            assert_eq!(copy, b"some bytes");
            arena.clear();
        }
        let empty: &mut [u64] = arena.slice(0, 1);
        assert!(empty.is_empty());
    }
}
