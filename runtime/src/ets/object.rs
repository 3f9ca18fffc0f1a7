//! Objects of tables: a tuple in a block of its own, with all that it refers to.
//!
//! * E1: the terms of an object refer to literals and to their own block only; binaries off the
//!   heap are shared and listed in the object.
//! * E2: an object is written by whoever owns it; while it is in a table, terms of it may be looked
//!   at only for as long as the table's lock is held.
#![allow(unsafe_code)]

use crate::heap::copy::{copy_block, copy_sized, words_to_copy};
use crate::heap::out_of_memory;
use crate::sys::lock::Lent;
use crate::sys::map::Space;
use crate::sys::slab::{self, Block};
use crate::term::{Alloc, Kind, OffHeap, Term};
use core::cell::Cell;
use core::ptr::{NonNull, null_mut};

const LITTLE_WORDS: usize = 4096;

/// At the start of an object's block; its words follow, the tuple first.
#[repr(C)]
pub struct Head {
    /// Next in the chain of its bucket, or in a chain of objects to be freed.
    pub next: *mut Head,
    /// Of the key; see [`DELETED`].
    pub hash: u64,
    off_heap: u64,
    words: usize,
}
const HEAD_WORDS: usize = size_of::<Head>() / 8;

/// In `hash`: the object was deleted while its table was fixed. It keeps its place only so that
/// iterations find their way.
pub const DELETED: u64 = 1 << 63;

impl Head {
    /// The tuple.
    pub fn tuple(&self) -> Term {
        let words = core::ptr::from_ref(self).cast::<u64>();
        Term::from_boxed(words.wrapping_add(HEAD_WORDS))
    }
    pub fn key(&self, keypos: usize) -> Term {
        let tuple = self.tuple();
        tuple.term_words()[keypos - 1]
    }
    pub fn is_deleted(&self) -> bool {
        self.hash & DELETED != 0
    }
    /// A copy of the tuple elsewhere.
    pub fn copy_to(&self, to: &mut (impl Alloc + ?Sized)) -> Term {
        if self.off_heap != 0 {
            return copy_sized(to, self.tuple(), self.words);
        }
        let tuple = self.tuple();
        // SAFETY: E1: the block, which starts with the tuple.
        unsafe { copy_block(to, tuple, tuple.address(), self.words) }
    }
    /// Words that a copy takes.
    pub fn words(&self) -> usize {
        self.words
    }
    /// Whether there is a reserve for a copy if there is no other memory: a table need not be lent.
    #[inline]
    pub fn is_little(&self) -> bool {
        self.words < LITTLE_WORDS
    }
    pub fn size_bytes(&self) -> usize {
        slab::usable_size(8 * (HEAD_WORDS + self.words))
    }
    /// Sizes, references and addresses of the binaries that the object shares.
    pub fn binaries(&self) -> Vec<(u64, usize, usize)> {
        let list = OffHeap { first: self.off_heap, virtual_words: 0 };
        crate::heap::binaries_of(&[&list])
    }
}

/// An object that is in no table. Dropping it frees it.
pub struct Object(NonNull<Head>);

// SAFETY: E1: an object is complete in itself.
unsafe impl Send for Object {}

/// The room of an object under construction.
struct Room {
    next: *mut u64,
    end: *mut u64,
    off_heap: OffHeap,
}
impl Alloc for Room {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        let object = self.next;
        self.next = object.wrapping_add(words);
        assert!(self.next <= self.end, "an object's words were counted");
        object
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}

impl Object {
    /// A copy of a tuple, whose key has this hash.
    pub fn copy_of(tuple: Term, hash: u64) -> Object {
        debug_assert!(tuple.is_kind(Kind::Tuple));
        // A literal would not be copied; but its elements may be replaced here.
        let shallow_words = 1 + tuple.words().len();
        let words = if tuple.is_literal() { shallow_words } else { words_to_copy(tuple) };
        let size_bytes = 8 * (HEAD_WORDS + words);
        let block = slab::allocate(Space::Young, size_bytes)
            .unwrap_or_else(|_| out_of_memory("ets", size_bytes));
        let start = block.address.as_ptr().cast::<u64>();
        let first = start.wrapping_add(HEAD_WORDS);
        let mut room =
            Room { next: first, end: first.wrapping_add(words), off_heap: OffHeap::default() };
        if tuple.is_literal() {
            let object = room.alloc(shallow_words);
            // SAFETY: I2: as many fresh words as the tuple has; literals may refer to literals only.
            unsafe { core::ptr::copy_nonoverlapping(tuple.address(), object, shallow_words) };
        } else {
            let copy = copy_sized(&mut room, tuple, words);
            debug_assert!(copy.address() == first, "the tuple comes first");
        }
        let head =
            Head { next: null_mut(), hash: hash & !DELETED, off_heap: room.off_heap.first, words };
        // SAFETY: the block has room for the head.
        unsafe { start.cast::<Head>().write(head) };
        Object(block.address.cast())
    }

    pub fn into_raw(self) -> *mut Head {
        let head = self.0.as_ptr();
        core::mem::forget(self);
        head
    }
    /// # Safety
    /// `head` came from [`Object::into_raw`], and is in no table and no chain any more.
    pub unsafe fn from_raw(head: NonNull<Head>) -> Object {
        Object(head)
    }
}
impl core::ops::Deref for Object {
    type Target = Head;
    fn deref(&self) -> &Head {
        // SAFETY: owned.
        unsafe { self.0.as_ref() }
    }
}
impl Drop for Object {
    fn drop(&mut self) {
        let mut off_heap = OffHeap { first: self.off_heap, virtual_words: 0 };
        let block = Block { address: self.0.cast(), size_bytes: self.size_bytes() };
        // SAFETY: the block of `copy_of`; its terms are not used again (E2).
        unsafe {
            off_heap.release_all();
            slab::free(block);
        }
    }
}

/// Objects that are in no table; freed when dropped, after a table's lock is given up.
pub struct Chain(Cell<*mut Head>);

// SAFETY: as for objects.
unsafe impl Send for Chain {}

impl Chain {
    pub const fn new() -> Chain {
        Chain(Cell::new(null_mut()))
    }
    /// # Safety
    /// Every object linked from `first` is in no table any more.
    pub unsafe fn from_raw(first: *mut Head) -> Chain {
        Chain(Cell::new(first))
    }
    pub fn push(&self, object: Object) {
        let head = object.into_raw();
        // SAFETY: just given to the chain.
        unsafe { (*head).next = self.0.get() };
        self.0.set(head);
    }
    /// Where the address of the latest stands.
    pub(super) fn first(&self) -> *mut *mut Head {
        self.0.as_ptr()
    }
    /// The latest.
    pub fn pop(&mut self) -> Option<Object> {
        let first = NonNull::new(self.0.get())?;
        // SAFETY: the chain owns its objects.
        unsafe {
            self.0.set(first.as_ref().next);
            Some(Object::from_raw(first))
        }
    }
    /// Moves all to another chain, the latest first.
    pub fn turn_into(&mut self, other: &Chain) {
        while let Some(object) = self.pop() {
            other.push(object);
        }
    }
    /// Calls `f` with each, the latest first, as long as it says so; whether it always did.
    pub fn all(&self, mut f: impl FnMut(&Head) -> bool) -> bool {
        let mut at = self.0.get();
        // SAFETY: the chain owns its objects, and none goes while it is borrowed.
        while let Some(object) = unsafe { at.as_ref() } {
            if !f(object) {
                return false;
            }
            at = object.next;
        }
        true
    }
}
/// Those of a process that is made to leave are freed.
impl Lent for Chain {
    fn locks(&self) -> usize {
        0
    }
}
impl Default for Chain {
    fn default() -> Chain {
        Chain::new()
    }
}
impl Drop for Chain {
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}
