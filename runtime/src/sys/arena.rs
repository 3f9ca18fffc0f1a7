//! Scratch memory: what Rust's containers take while a BIF runs, on a chain of 64 KiB pages that are
//! released as one.
//!
//! While a [`Scope`] is open, the allocator of containers (see `malloc`) takes from the arena of its
//! thread. Pages go when nothing in them is in use, at the latest with the process that is given up
//! for want of memory, whose destructors do not run (X1).
//!
//! * C1: what is allocated in a scope is freed in it, by the same thread. Not in it is what is made
//!   while a lock is held that is not lent (L1), where it may be for others, and what is made in
//!   [`kept`]. Debug builds and stress stop at a scope in which something stays, others keep its
//!   pages for good and do without scratch memory on this thread from then on.
//! * C2: a process is entered while no scope is open.
//! * C3: in front of every piece stands the address of its page, whose head says which arena it
//!   belongs to: a piece that is freed elsewhere or later is let alone.

use super::map::{OLD_START, Space};
use super::slab::{self, Block};
use super::{OutOfMemory, lock};
use beamrc_abi::term::LITERAL_END;
use core::alloc::Layout;
use core::cell::Cell;
use core::marker::PhantomData;
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

const PAGE_BYTES: usize = 64 << 10;
/// What is larger has a page of its own.
const SMALL_MAX_BYTES: usize = PAGE_BYTES / 4;
/// Of blocks, and so of what can be aligned here.
const ALIGN_BYTES: usize = 64;

/// At the start of each page.
#[repr(C, align(64))]
struct Page {
    /// None if its pieces stay for good.
    owner: AtomicPtr<Arena>,
    previous: *mut Page,
    next: *mut Page,
    /// Pieces that are in use.
    live: usize,
    block_bytes: usize,
}

/// In front of each piece.
type PieceHead = *mut Page;

struct Arena {
    /// Scopes that are open.
    depth: Cell<u32>,
    /// Calls of [`kept`].
    kept: Cell<u32>,
    /// Something stayed (C1).
    is_off: Cell<bool>,
    /// All pages.
    pages: Cell<*mut Page>,
    /// That small pieces are taken from. Stays when all else goes.
    current: Cell<*mut Page>,
    next: Cell<usize>,
    end: Cell<usize>,
}

thread_local! {
    static ARENA: Arena = const {
        Arena {
            depth: Cell::new(0),
            kept: Cell::new(0),
            is_off: Cell::new(false),
            pages: Cell::new(null_mut()),
            current: Cell::new(null_mut()),
            next: Cell::new(0),
            end: Cell::new(0),
        }
    };
}

/// How long scratch memory lasts.
///
/// It belongs to its thread.
#[must_use = "the scope ends when this is dropped"]
pub struct Scope(PhantomData<*mut ()>);

/// What containers allocate while the scope lasts is scratch (C1).
#[inline]
pub fn scope() -> Scope {
    ARENA.with(|arena| arena.depth.set(arena.depth.get() + 1));
    Scope(PhantomData)
}
/// What containers allocate meanwhile outlives the scope, if one is open.
pub fn kept<R>(make: impl FnOnce() -> R) -> R {
    ARENA.with(|arena| {
        arena.kept.set(arena.kept.get() + 1);
        let made = make();
        arena.kept.set(arena.kept.get() - 1);
        made
    })
}

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        ARENA.with(|arena| {
            let depth = arena.depth.get() - 1;
            arena.depth.set(depth);
            if depth == 0 && !arena.is_empty() {
                arena.escaped();
            }
        });
    }
}

/// Whether containers of this thread are to be in its arena, and one with this layout can be.
#[inline]
pub(super) fn takes(layout: Layout) -> bool {
    ARENA.with(Arena::is_open) && layout.align() <= ALIGN_BYTES && lock::can_give_back()
}
/// Whether a container's memory is scratch: no other allocator of containers has memory in this range.
#[inline]
pub(super) fn owns(memory: *mut u8) -> bool {
    (LITERAL_END..OLD_START).contains(&(memory as u64))
}
/// Memory for a container.
#[inline]
pub(super) fn allocate(layout: Layout) -> Result<NonNull<u8>, OutOfMemory> {
    ARENA.with(|arena| arena.allocate(layout))
}
/// # Safety
/// Scratch memory ([`owns`]) with this layout, not used again.
#[inline]
pub(super) unsafe fn free(memory: NonNull<u8>, layout: Layout) {
    // SAFETY: the caller's contract.
    ARENA.with(|arena| unsafe { arena.free(memory, layout) });
}
/// Gives the same memory another size, if there is room where it is.
/// # Safety
/// As for [`free`], unless it succeeds.
pub(super) unsafe fn resize(memory: NonNull<u8>, layout: Layout, size_bytes: usize) -> bool {
    // SAFETY: the caller's contract.
    ARENA.with(|arena| unsafe { arena.resize(memory, layout, size_bytes) })
}
/// The scopes of this thread end, whatever is in them: nobody will come back to them.
pub(super) fn abandon() {
    ARENA.with(|arena| {
        arena.depth.set(0);
        arena.kept.set(0);
        arena.release();
    });
}
/// Whether the thread has a scope.
pub(super) fn is_in_scope() -> bool {
    ARENA.with(|arena| arena.depth.get() != 0)
}
/// This thread ends.
pub(super) fn leave() {
    ARENA.with(|arena| {
        arena.is_off.set(true);
        let current = NonNull::new(arena.current.get());
        if let Some(current) = current.filter(|_| arena.depth.get() == 0 && arena.is_empty()) {
            arena.forget_current();
            // SAFETY: a page of this arena without pieces in use.
            unsafe { arena.give_back(current) };
        }
    });
}

impl Arena {
    #[inline]
    fn is_open(&self) -> bool {
        self.depth.get() != 0 && self.kept.get() == 0 && !self.is_off.get()
    }
    #[inline]
    fn is_empty(&self) -> bool {
        let first = self.pages.get();
        // SAFETY: the list holds this arena's pages.
        first.is_null() || unsafe { (*first).live == 0 && (*first).next.is_null() }
    }

    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<u8>, OutOfMemory> {
        let start = place(self.next.get(), layout);
        if layout.size() > SMALL_MAX_BYTES || start + layout.size() > self.end.get() {
            return self.allocate_slowly(layout);
        }
        self.next.set(start + layout.size());
        // SAFETY: room in the current page.
        Ok(unsafe { piece(self.current.get(), start) })
    }

    #[cold]
    #[inline(never)]
    fn allocate_slowly(&self, layout: Layout) -> Result<NonNull<u8>, OutOfMemory> {
        let own_bytes = layout.size().checked_add(size_of::<Page>() + 2 * ALIGN_BYTES);
        let is_large = layout.size() > SMALL_MAX_BYTES;
        let page =
            self.new_page(if is_large { own_bytes.ok_or(OutOfMemory)? } else { PAGE_BYTES })?;
        let first = page.addr().get() + size_of::<Page>();
        let start = place(first, layout);
        // SAFETY: a fresh page, which has room for a small piece or for what it was made for.
        unsafe {
            if !is_large {
                let before = NonNull::new(self.current.replace(page.as_ptr()));
                self.next.set(start + layout.size());
                self.end.set(page.addr().get() + page.as_ref().block_bytes);
                if let Some(before) = before.filter(|before| before.as_ref().live == 0) {
                    self.give_back(before);
                }
            }
            Ok(piece(page.as_ptr(), start))
        }
    }

    fn new_page(&self, size_bytes: usize) -> Result<NonNull<Page>, OutOfMemory> {
        let block = slab::allocate(Space::Young, size_bytes)?;
        let page = block.address.cast::<Page>();
        let next = self.pages.replace(page.as_ptr());
        // SAFETY: a fresh block that is larger than a head; the list holds this arena's pages.
        unsafe {
            page.write(Page {
                owner: AtomicPtr::new(self.address()),
                previous: null_mut(),
                next,
                live: 0,
                block_bytes: block.size_bytes,
            });
            if let Some(next) = next.as_mut() {
                next.previous = page.as_ptr();
            }
        }
        Ok(page)
    }

    fn address(&self) -> *mut Arena {
        core::ptr::from_ref(self).cast_mut()
    }

    /// # Safety
    /// As for [`free`].
    #[inline]
    unsafe fn free(&self, memory: NonNull<u8>, layout: Layout) {
        // SAFETY: C3; a page of this arena is touched by its thread only.
        unsafe {
            let page = memory.cast::<PieceHead>().sub(1).read();
            if (*page).owner.load(Relaxed) != self.address() {
                return;
            }
            (*page).live -= 1;
            if page == self.current.get() {
                if (*page).live == 0 {
                    self.next.set(page.addr() + size_of::<Page>());
                } else if memory.addr().get() + layout.size() == self.next.get() {
                    self.next.set(memory.addr().get() - size_of::<PieceHead>());
                }
            } else if (*page).live == 0 {
                self.give_back(NonNull::new_unchecked(page));
            }
        }
    }

    /// # Safety
    /// As for [`resize`].
    unsafe fn resize(&self, memory: NonNull<u8>, layout: Layout, size_bytes: usize) -> bool {
        let start = memory.addr().get();
        // SAFETY: C3.
        let (page, owner, block_bytes) = unsafe {
            let page = memory.cast::<PieceHead>().sub(1).read();
            (page, (*page).owner.load(Relaxed), (*page).block_bytes)
        };
        if owner != self.address() {
            return size_bytes <= layout.size();
        }
        if layout.size() > SMALL_MAX_BYTES {
            // What is small goes elsewhere, so that the page goes.
            return size_bytes > SMALL_MAX_BYTES && start + size_bytes <= page.addr() + block_bytes;
        }
        let is_last = page == self.current.get() && start + layout.size() == self.next.get();
        if is_last && size_bytes <= SMALL_MAX_BYTES && start + size_bytes <= self.end.get() {
            self.next.set(start + size_bytes);
            return true;
        }
        size_bytes <= layout.size()
    }

    /// Takes a page out of the list and frees it.
    ///
    /// # Safety
    /// It is of this arena, and not used again.
    unsafe fn give_back(&self, page: NonNull<Page>) {
        // SAFETY: the list holds this arena's pages.
        unsafe {
            self.unlink(page);
            let block = Block { address: page.cast(), size_bytes: page.as_ref().block_bytes };
            slab::free(block);
        }
    }
    /// # Safety
    /// It is in the list.
    unsafe fn unlink(&self, page: NonNull<Page>) {
        // SAFETY: the list holds this arena's pages.
        unsafe {
            let &Page { previous, next, .. } = page.as_ref();
            match previous.as_mut() {
                Some(previous) => previous.next = next,
                None => self.pages.set(next),
            }
            if let Some(next) = next.as_mut() {
                next.previous = previous;
            }
        }
    }
    fn forget_current(&self) {
        self.current.set(null_mut());
        self.next.set(0);
        self.end.set(0);
    }

    /// The outermost scope ends, and there are pieces in use: their pages stay for good.
    #[cold]
    fn escaped(&self) {
        let mut live = 0;
        let mut next = self.pages.get();
        while let Some(page) = NonNull::new(next) {
            // SAFETY: the list holds this arena's pages.
            unsafe {
                next = page.as_ref().next;
                if page.as_ref().live != 0 {
                    live += page.as_ref().live;
                    self.unlink(page);
                    page.as_ref().owner.store(null_mut(), Relaxed);
                    if page.as_ptr() == self.current.get() {
                        self.forget_current();
                    }
                }
            }
        }
        let is_checked = cfg!(debug_assertions)
            || std::env::var_os("BEAMRC_GC_STRESS").is_some_and(|value| value == "1");
        if live != 0 && is_checked {
            eprintln!("{live} pieces of scratch memory are still in use after their scope (C1)");
            std::process::abort();
        }
        self.is_off.set(live != 0 || self.is_off.get());
    }

    /// Gives all pages back but the current one.
    fn release(&self) {
        let mut next = self.pages.get();
        while let Some(page) = NonNull::new(next) {
            // SAFETY: the list holds this arena's pages.
            unsafe {
                next = page.as_ref().next;
                if page.as_ptr() == self.current.get() {
                    (*page.as_ptr()).live = 0;
                    self.next.set(page.addr().get() + size_of::<Page>());
                } else {
                    self.give_back(page);
                }
            }
        }
    }
}

/// Where a piece starts whose head may stand at `free` or behind it.
#[inline]
fn place(free: usize, layout: Layout) -> usize {
    let align = layout.align().max(align_of::<PieceHead>());
    (free + size_of::<PieceHead>()).next_multiple_of(align)
}
/// A piece at an address of a page, now in use.
///
/// # Safety
/// The address is right, and nothing else is there.
#[inline]
unsafe fn piece(page: *mut Page, start: usize) -> NonNull<u8> {
    let memory = page.cast::<u8>().with_addr(start);
    // SAFETY: the caller's contract; aligned by `place`.
    unsafe {
        memory.cast::<PieceHead>().sub(1).write(page);
        (*page).live += 1;
        NonNull::new_unchecked(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_scratch<T: ?Sized>(value: &T) -> bool {
        owns(core::ptr::from_ref(value).cast_mut().cast())
    }
    fn pages() -> usize {
        ARENA.with(|arena| {
            let mut count = 0;
            let mut next = arena.pages.get();
            // SAFETY: the list holds this arena's pages.
            while let Some(page) = unsafe { next.as_ref() } {
                (count, next) = (count + 1, page.next);
            }
            count
        })
    }

    #[test]
    fn containers_keep_their_content_while_the_scope_lasts() {
        for round in 0..3 {
            let outer = scope();
            let all: Vec<Vec<u32>> =
                (0..2000u32).map(|i| (0..i % 300).map(|n| n * i + round).collect()).collect();
            let inner = scope();
            let large = vec![7u64; 100_000];
            assert!(is_scratch(&all[1][..]) && is_scratch(&large[..]));
            drop(large);
            drop(inner);
            for (i, one) in (0..).zip(&all) {
                assert!(one.iter().zip(0..).all(|(&v, n)| v == n * i + round));
            }
            assert!(pages() > 1);
            drop(all);
            drop(outer);
            assert_eq!(pages(), 1);
        }
    }

    #[test]
    fn pages_go_when_nothing_in_them_is_in_use() {
        let _scope = scope();
        let stays = Box::new(1);
        for i in 0..10_000usize {
            // Not in the order that suits a stack.
            let (a, b) = (vec![i; 100], vec![i + 1; 100]);
            drop(a);
            assert_eq!(b[99], i + 1);
        }
        assert!(pages() <= 3, "{} pages", pages());
        assert_eq!(*stays, 1);
    }

    #[test]
    fn containers_grow_and_shrink() {
        let outside: Vec<u64> = vec![1, 2, 3];
        let scope = scope();
        let mut outside = outside;
        outside.extend(0..1000);
        assert!(!is_scratch(&outside[..]), "what was there before stays where it was made");
        let mut all: Vec<Vec<u64>> = vec![Vec::new(); 7];
        for i in 0..40_000 {
            all[i as usize % 7].push(i);
            if i % 1000 == 999 {
                let one = &mut all[i as usize % 7];
                one.truncate(one.len() / 2);
                one.shrink_to_fit();
            }
        }
        assert!(all.iter().enumerate().all(|(n, one)| one.iter().all(|v| *v as usize % 7 == n)));
        let mut aligned: Vec<Aligned> = Vec::new();
        #[repr(align(64))]
        struct Aligned(u8);
        for i in 0..1000 {
            aligned.push(Aligned(i as u8));
            assert!(aligned.as_ptr().addr() % 64 == 0 && aligned[i / 2].0 == (i / 2) as u8);
        }
        assert!(is_scratch(&aligned[..]));
        drop((all, aligned));
        drop(scope);
        assert_eq!(outside.len(), 1003);
    }

    #[test]
    fn what_is_kept_is_not_scratch() {
        let scope = scope();
        let mut kept = kept(|| Box::new(1));
        assert!(!is_scratch(&*kept));
        drop(scope);
        *kept += 1;
        assert_eq!(*kept, 2);
    }

    #[test]
    fn abandoned_scopes_give_all_back() {
        let before = slab::in_use_bytes();
        for _ in 0..100 {
            let scopes = (scope(), scope());
            core::mem::forget((vec![1u8; 1 << 20], vec![2u8; 100], vec![3u8; 10_000], scopes));
            abandon();
            assert!(pages() == 1 && !is_in_scope());
        }
        // Other tests have blocks as well.
        assert!(slab::in_use_bytes() < before + (50 << 20));
        let _scope = scope();
        assert!(is_scratch(&vec![1u8; 100][..]));
    }

    #[test]
    fn what_is_freed_by_another_thread_is_let_alone() {
        let scope = scope();
        let here = (vec![1u8; 100], vec![2u8; 100_000]);
        let addresses = (here.0.as_ptr().expose_provenance(), here.1.as_ptr().expose_provenance());
        let elsewhere = move || {
            let _scope = self::scope();
            let mut there = vec![3u8; 100];
            for (address, size) in [(addresses.0, 100), (addresses.1, 100_000)] {
                let memory = NonNull::new(core::ptr::with_exposed_provenance_mut(address));
                let layout = Layout::array::<u8>(size).expect("few");
                // SAFETY: scratch memory, as if the container had been sent here.
                unsafe { free(memory.expect("an address"), layout) };
            }
            there.push(4);
            assert_eq!((there.len(), there[99]), (101, 3));
        };
        // What stands for the thread itself is freed there too.
        kept(|| std::thread::spawn(elsewhere).join()).expect("no panic");
        assert!(here.0.iter().all(|v| *v == 1) && here.1.iter().all(|v| *v == 2));
        drop(here);
        drop(scope);
        assert_eq!(pages(), 1);
    }
}
