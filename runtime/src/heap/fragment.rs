//! Fragments: memory for terms outside a young heap, one block each.
//!
//! A message is copied into a fragment of its own, which the receiver adopts as it is; what a BIF
//! builds and the young heap has no room for goes to fragments that its own heap opens. The next
//! collection moves what lives out of them and frees them.
//!
//! Invariant F1: terms in a fragment refer to literals and, unless it is a heap's own, to that
//! fragment alone.

use crate::sys::OutOfMemory;
use crate::sys::map::Space;
use crate::sys::slab::{self, Block};
use crate::term::{Alloc, OffHeap, Term};
use core::ptr::NonNull;

/// At the start of a fragment; its words follow.
#[repr(C)]
pub struct FragmentHead {
    /// Next in the list that the fragment is in: a mailbox, then the adopter's fragments.
    pub next: *mut FragmentHead,
    /// What was sent, if this is a message.
    pub message: Term,
    /// For whoever queues fragments.
    pub tag: u64,
    pub off_heap: OffHeap,
    size_bytes: usize,
    used_words: usize,
}

const HEAD_WORDS: usize = size_of::<FragmentHead>() / 8;
/// Compiled code goes over mailboxes (I4).
const _: () = {
    use beamrc_abi::process as abi;
    assert!(core::mem::offset_of!(FragmentHead, next) == abi::MESSAGE_NEXT as usize);
    assert!(core::mem::offset_of!(FragmentHead, message) == abi::MESSAGE_TERM as usize);
    assert!(core::mem::offset_of!(FragmentHead, tag) == abi::MESSAGE_TAG as usize);
};

/// A fragment and all that its terms hold; freed when dropped.
pub struct Fragment(NonNull<FragmentHead>);

// SAFETY: F1: a fragment is complete in itself, so it may travel between threads.
unsafe impl Send for Fragment {}

impl Fragment {
    /// Room for this many words, perhaps none.
    pub fn new(words: usize) -> Result<Fragment, OutOfMemory> {
        let size_bytes = words
            .checked_add(HEAD_WORDS)
            .and_then(|words| words.checked_mul(8))
            .ok_or(OutOfMemory)?;
        let block = slab::allocate(Space::Young, size_bytes)?;
        let head = block.address.cast::<FragmentHead>();
        // SAFETY: a fresh block that is large enough.
        unsafe {
            head.write(FragmentHead {
                next: core::ptr::null_mut(),
                message: Term::NIL,
                tag: 0,
                off_heap: OffHeap::default(),
                size_bytes: block.size_bytes,
                used_words: 0,
            });
        }
        Ok(Fragment(head))
    }

    /// A copy of a term in a fragment of its own, as its `message`.
    pub fn copy_of(term: Term) -> Result<Fragment, OutOfMemory> {
        let words = super::copy::words_to_copy(term);
        let mut fragment = Fragment::new(words)?;
        let copy = super::copy::copy_sized(&mut fragment, term, words);
        fragment.message = copy;
        Ok(fragment)
    }

    /// Hands the fragment to a queue or list, which owns it from now on.
    pub fn into_raw(self) -> NonNull<FragmentHead> {
        let head = self.0;
        core::mem::forget(self);
        head
    }
    /// # Safety
    /// `head` came from [`Fragment::into_raw`] and is owned by the caller.
    pub unsafe fn from_raw(head: NonNull<FragmentHead>) -> Fragment {
        Fragment(head)
    }

    pub(super) fn capacity_words(&self) -> usize {
        self.size_bytes / 8 - HEAD_WORDS
    }
    /// Words that its terms take.
    pub fn used_words(&self) -> usize {
        self.used_words
    }
    pub(super) fn set_used_words(&mut self, words: usize) {
        debug_assert!(words <= self.capacity_words());
        self.used_words = words;
    }
    pub(super) fn words(&self) -> *mut u64 {
        self.0.as_ptr().cast::<u64>().wrapping_add(HEAD_WORDS)
    }

    /// Frees the block; what its terms held has been taken over by others.
    pub(super) fn free_block(self) {
        let block = Block { address: self.0.cast(), size_bytes: self.size_bytes };
        core::mem::forget(self);
        // SAFETY: allocated in `new` with this size, owned by `self`.
        unsafe { slab::free(block) };
    }
}

impl FragmentHead {
    /// Words that terms in the fragment take.
    pub fn words_in_use(&self) -> usize {
        self.used_words
    }
}

impl core::ops::Deref for Fragment {
    type Target = FragmentHead;
    fn deref(&self) -> &FragmentHead {
        // SAFETY: `self` owns the block.
        unsafe { self.0.as_ref() }
    }
}
impl core::ops::DerefMut for Fragment {
    fn deref_mut(&mut self) -> &mut FragmentHead {
        // SAFETY: `self` owns the block.
        unsafe { self.0.as_mut() }
    }
}

impl Alloc for Fragment {
    /// Within the room that was asked for.
    fn alloc(&mut self, words: usize) -> *mut u64 {
        let at = self.used_words;
        assert!(words <= self.capacity_words() - at, "the fragment was made large enough");
        self.used_words = at + words;
        self.words().wrapping_add(at)
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}

impl Drop for Fragment {
    fn drop(&mut self) {
        // SAFETY: the objects of the list are in this fragment, which nobody uses any more.
        unsafe { self.off_heap.release_all() };
        Fragment(self.0).free_block();
    }
}
