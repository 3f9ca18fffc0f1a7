//! Process heaps: a young heap that compiled code bump-allocates on, fragments for what does not
//! fit between two collections, and the old generation.
//!
//! * H1: allocation never collects (I1). What does not fit goes to a fragment; the next collection
//!   moves everything that lives out of the young heap and the fragments.
//! * H2: young objects below the high-water mark have survived a collection, the next promotes
//!   them.
//! * H3: every off-heap object of a live or dead term is in exactly one list: `off_heap` if it is
//!   young or in a fragment, `old_off_heap` if it is old.
//! * G1, G2 (see `old`): the generation of an object shows in its address; old objects do not refer
//!   to young ones.
#![allow(unsafe_code)]

pub mod binary;
pub mod bits;
pub mod collect;
pub mod copy;
pub mod fragment;
pub mod literal;
mod old;
pub mod persistent;
pub mod pins;
pub mod resource;
mod sizing;
pub mod stack;

pub use crate::sys::exhaustion::{out_of_memory, out_of_memory_of};
pub use collect::{Collection, Exhausted, Roots, Visitor};
pub use fragment::{Fragment, FragmentHead};
pub use sizing::heap_size;

use crate::sys::OutOfMemory;
use crate::sys::map::Space;
use crate::sys::slab::{self, Block};
use crate::term::{Alloc, OffHeap};
use beamrc_abi::process::ProcessHead;
use core::ptr::{NonNull, null_mut};
use old::Old;

/// A young heap that has no room for this little is full: it is time to collect, however much would
/// still fit into fragments.
const FULL_BELOW_WORDS: usize = 16;

/// What a process may set of its heap.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub min_heap_words: usize,
    pub min_bin_vheap_words: usize,
    /// Minor collections between two major ones.
    pub fullsweep_after: u32,
    pub max_heap: MaxHeap,
}

/// The `max_heap_size` of a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MaxHeap {
    /// 0 for no limit.
    pub words: usize,
    pub kill: bool,
    pub error_logger: bool,
    pub include_shared_binaries: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            min_heap_words: sizing::MIN_HEAP_WORDS,
            min_bin_vheap_words: sizing::MIN_VHEAP_WORDS,
            fullsweep_after: 65535,
            max_heap: MaxHeap {
                words: 0,
                kill: true,
                error_logger: true,
                include_shared_binaries: false,
            },
        }
    }
}

/// Memory of one process.
pub struct Heap {
    /// Objects of the young heap and the fragments.
    pub off_heap: OffHeap,
    old_off_heap: OffHeap,
    pub options: Options,
    /// The young heap's words; null while there are none.
    start: *mut u64,
    end: *mut u64,
    /// Where compiled code stops allocating: the end, or before it if that much is not wanted.
    limit: *mut u64,
    high_water: *mut u64,
    /// `hp` of the young heap while compiled code allocates in a fragment, else null.
    parked_hp: *mut u64,
    old: Old,
    /// Adopted fragments and those of our own that are full.
    fragments: *mut FragmentHead,
    fragment_words: usize,
    /// The fragment that BIFs build in, and its free words.
    open: Option<Fragment>,
    open_hp: *mut u64,
    open_end: *mut u64,
    /// The fragment that compiled code builds in while `parked_hp` is set.
    outside: Option<Fragment>,
    pins: Option<Box<pins::Pins>>,
    sizing: sizing::Sizing,
    /// Reductions that were left when a collection was asked for.
    withheld_reductions: i64,
    requested: bool,
    /// Every safepoint collects.
    stress: bool,
    /// What messages take, if they count for `max_heap_size` and there is one.
    pub message_words: u32,
    /// Words built since the last collection that nobody refers to any more: answers to others.
    answer_words: u32,
    /// Since the last major collection.
    minor_collections: u32,
    collections: u64,
}

// SAFETY: I3: a heap is used by the thread that runs its process, one at a time.
unsafe impl Send for Heap {}

/// What `process_info` tells of a heap; all in words.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Info {
    /// The young heap, used and free.
    pub heap_words: usize,
    pub heap_used_words: usize,
    pub old_heap_words: usize,
    pub old_heap_used_words: usize,
    pub fragment_words: usize,
    /// Young heap, old generation and fragments.
    pub total_words: usize,
    pub bin_vheap_words: usize,
    pub bin_vheap_limit_words: usize,
    pub bin_old_vheap_words: usize,
    pub bin_old_vheap_limit_words: usize,
    pub minor_collections: u32,
    pub collections: u64,
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new(Options::default())
    }
}

impl Heap {
    /// Without memory yet: the first allocation of compiled code collects, and that makes a young
    /// heap; see [`Heap::open_young`] for one from the start.
    pub fn new(options: Options) -> Heap {
        Heap {
            off_heap: OffHeap::default(),
            old_off_heap: OffHeap::default(),
            options,
            start: null_mut(),
            end: null_mut(),
            limit: null_mut(),
            high_water: null_mut(),
            parked_hp: null_mut(),
            old: Old::default(),
            fragments: null_mut(),
            fragment_words: 0,
            open: None,
            open_hp: null_mut(),
            open_end: null_mut(),
            outside: None,
            pins: None,
            sizing: sizing::Sizing::new(&options),
            withheld_reductions: 0,
            requested: false,
            stress: stress(),
            message_words: 0,
            answer_words: 0,
            minor_collections: 0,
            collections: 0,
        }
    }

    /// Gives a new process a young heap with room for this many words at least.
    pub fn open_young(&mut self, head: &mut ProcessHead, words: usize) -> Result<(), OutOfMemory> {
        assert!(self.start.is_null(), "the heap has no young heap yet");
        let block =
            slab::allocate(Space::Young, 8 * words.max(sizing::least_words(&self.options)))?;
        self.set_young(Some(block));
        self.limit = self.end;
        self.high_water = self.start;
        self.set_head(head, self.start, words);
        Ok(())
    }

    fn set_young(&mut self, block: Option<Block>) {
        let (start, bytes) = block.map_or((null_mut(), 0), |b| (b.address.as_ptr(), b.size_bytes));
        self.start = start.cast();
        self.end = start.wrapping_add(bytes).cast();
    }

    /// Lets compiled code allocate from `hp` to the limit, under stress only what it asked for.
    fn set_head(&self, head: &mut ProcessHead, hp: *mut u64, need_words: usize) {
        head.hp = hp as u64;
        head.heap_limit =
            if self.stress { hp as u64 + 8 * need_words as u64 } else { self.limit as u64 };
    }

    /// Address of `words` fresh words: on the young heap if they fit, else in a fragment.
    #[inline]
    pub fn alloc(&mut self, head: &mut ProcessHead, words: usize) -> *mut u64 {
        let size_bytes = 8 * words as u64;
        if head.heap_limit - head.hp >= size_bytes {
            let object = head.hp as *mut u64;
            head.hp += size_bytes;
            return object;
        }
        self.alloc_in_fragment(head, words)
    }

    #[cold]
    #[inline(never)]
    fn alloc_in_fragment(&mut self, head: &mut ProcessHead, words: usize) -> *mut u64 {
        if words <= FULL_BELOW_WORDS && !self.start.is_null() {
            self.request_collection(head);
        }
        if words > (self.open_end as usize - self.open_hp as usize) / 8 {
            let before = self.open.as_ref().map_or(0, Fragment::capacity_words);
            self.close_open_fragment();
            let growth = (2 * before).clamp(sizing::FRAGMENT_MIN_WORDS, sizing::FRAGMENT_MAX_WORDS);
            let fragment = Fragment::new(words.max(growth))
                .or_else(|OutOfMemory| Fragment::new(words))
                .unwrap_or_else(|OutOfMemory| out_of_memory_of(self, "heap_frag", 8 * words));
            self.open_hp = fragment.words();
            self.open_end = self.open_hp.wrapping_add(fragment.capacity_words());
            self.open = Some(fragment);
            // Compiled code has no use for a young heap with less than an eighth of its room left.
            let room_words = (head.heap_limit - head.hp) as usize / 8;
            let is_full = room_words < self.size_words() / 8;
            let limit = self.fragment_limit();
            if is_full || self.fragment_words + words > limit {
                self.request_collection(head);
            }
        }
        let object = self.open_hp;
        self.open_hp = object.wrapping_add(words);
        object
    }

    fn fragment_limit(&self) -> usize {
        sizing::Sizing::fragment_limit(self.size_words(), self.options.max_heap.words)
    }

    fn close_open_fragment(&mut self) {
        if let Some(mut fragment) = self.open.take() {
            let used_bytes = self.open_hp as usize - fragment.words() as usize;
            fragment.set_used_words(used_bytes / 8);
            self.open_hp = null_mut();
            self.open_end = null_mut();
            self.push_fragment(fragment);
        }
    }

    fn push_fragment(&mut self, mut fragment: Fragment) {
        self.fragment_words += fragment.used_words();
        fragment.next = self.fragments;
        self.fragments = fragment.into_raw().as_ptr();
    }

    /// Takes over a message's fragment; its terms are this process's from now on.
    pub fn adopt(&mut self, head: &mut ProcessHead, mut fragment: Fragment) {
        self.off_heap.append(&mut fragment.off_heap);
        if fragment.used_words() == 0 {
            return;
        }
        self.push_fragment(fragment);
        if self.fragment_words > self.fragment_limit()
            || self.off_heap.virtual_words > self.sizing.vheap_limit_words
        {
            self.request_collection(head);
        }
    }

    /// Makes room for `need_words` of compiled code without collecting, where a collection would
    /// move what it must not: while a message is examined that has not been adopted yet.
    pub fn extend(&mut self, head: &mut ProcessHead, need_words: usize) -> Result<(), OutOfMemory> {
        let before = self.outside.as_ref().map_or(0, Fragment::capacity_words);
        let growth = (2 * before).clamp(sizing::FRAGMENT_MIN_WORDS, sizing::FRAGMENT_MAX_WORDS);
        let fragment = Fragment::new(need_words.max(growth))?;
        if self.parked_hp.is_null() && !self.start.is_null() {
            self.parked_hp = head.hp as *mut u64;
        }
        self.close_outside_fragment(head);
        head.hp = fragment.words() as u64;
        head.heap_limit = head.hp + 8 * fragment.capacity_words() as u64;
        self.outside = Some(fragment);
        Ok(())
    }

    fn close_outside_fragment(&mut self, head: &ProcessHead) {
        if let Some(mut fragment) = self.outside.take() {
            let used_bytes = head.hp as usize - fragment.words() as usize;
            fragment.set_used_words(used_bytes / 8);
            self.push_fragment(fragment);
        }
    }

    /// First free word of the young heap.
    fn young_top(&self, head: &ProcessHead) -> *mut u64 {
        if self.outside.is_some() { self.parked_hp } else { head.hp as *mut u64 }
    }

    /// Makes the process collect at its next poll. Its reductions are kept for afterwards.
    pub fn request_collection(&mut self, head: &mut ProcessHead) {
        if !self.requested {
            self.requested = true;
            self.withheld_reductions = head.fcalls.max(0);
            head.fcalls -= self.withheld_reductions;
        }
    }

    pub fn is_collection_requested(&self) -> bool {
        self.requested
    }
    /// Whether a collection was asked for; gives the reductions back. To be called first whenever
    /// a process takes a slow path with its reductions used up.
    pub fn take_request(&mut self, head: &mut ProcessHead) -> bool {
        head.fcalls += core::mem::take(&mut self.withheld_reductions);
        core::mem::take(&mut self.requested)
    }

    /// A time slice begins. What was asked for in the last one is done at the first poll.
    pub fn begin_slice(&mut self, head: &mut ProcessHead, reductions: i64) {
        head.fcalls = reductions;
        self.withheld_reductions = 0;
        if core::mem::take(&mut self.requested) {
            self.request_collection(head);
        } else {
            self.stress_after(head, 0);
        }
    }

    /// Under stress: the process collects at the next poll, or after some more when a collection
    /// has much to do, so that what is quadratic ends.
    pub fn stress_after(&mut self, head: &mut ProcessHead, stack_words: usize) {
        if self.stress && !self.requested {
            let work_words = self.young_words(head) + self.old.used_words() + stack_words;
            let polls = (work_words / STRESSED_WORDS_PER_POLL) as i64;
            self.requested = true;
            self.withheld_reductions = (head.fcalls - polls).max(0);
            head.fcalls -= self.withheld_reductions;
        }
    }

    /// Counts words of off-heap binaries that new objects keep alive.
    pub fn charge_off_heap(&mut self, head: &mut ProcessHead, words: usize) {
        self.off_heap.virtual_words += words;
        if self.off_heap.virtual_words > self.sizing.vheap_limit_words {
            self.request_collection(head);
        }
    }

    /// Roots that Rust code keeps over safepoints.
    pub fn pins(&mut self) -> &mut pins::Pins {
        self.pins.get_or_insert_default()
    }

    /// The stack has grown, which counts for `max_heap_size` as well: a collection tells.
    pub fn stack_grew(&mut self, head: &mut ProcessHead) {
        let max_words = self.options.max_heap.words;
        if max_words != 0 && stack_words(head) + self.info(head).total_words > max_words {
            self.request_collection(head);
        }
    }

    /// Whether every safepoint is to collect (`BEAMRC_GC_STRESS=1`): every heap check, as compiled
    /// code never has more than it asked for, and every poll ([`Self::stress_after`]).
    pub fn is_stressed(&self) -> bool {
        self.stress
    }

    fn size_words(&self) -> usize {
        (self.end as usize - self.start as usize) / 8
    }

    pub fn info(&self, head: &ProcessHead) -> Info {
        let open_words = self
            .open
            .as_ref()
            .map_or(0, |fragment| (self.open_hp as usize - fragment.words() as usize) / 8);
        let heap_words = self.size_words();
        let old_heap_words = self.old.size_words();
        let fragment_words = self.fragment_words + open_words;
        Info {
            heap_words,
            heap_used_words: (self.young_top(head) as usize - self.start as usize) / 8,
            old_heap_words,
            old_heap_used_words: self.old.used_words(),
            fragment_words,
            total_words: heap_words + old_heap_words + fragment_words,
            bin_vheap_words: self.off_heap.virtual_words,
            bin_vheap_limit_words: self.sizing.vheap_limit_words,
            bin_old_vheap_words: self.old_off_heap.virtual_words,
            bin_old_vheap_limit_words: self.sizing.old_vheap_limit_words,
            minor_collections: self.minor_collections,
            collections: self.collections,
        }
    }

    /// Words in use that are not old.
    pub fn built_words(&self, head: &ProcessHead) -> usize {
        let info = self.info(head);
        info.heap_used_words + info.fragment_words
    }
    /// What was built since there were `before` words was for others, who have it by now: it does
    /// not count for `max_heap_size`.
    pub fn built_for_others(&mut self, head: &ProcessHead, before: usize) {
        let words = self.built_words(head).saturating_sub(before);
        self.answer_words =
            self.answer_words.saturating_add(u32::try_from(words).unwrap_or(u32::MAX));
    }

    /// Sizes in bytes of the off-heap binaries that the heap refers to, with their references, for
    /// `process_info(binary)`.
    pub fn binaries(&self) -> Vec<(u64, usize, usize)> {
        binaries_of(&[&self.off_heap, &self.old_off_heap])
    }

    /// The young heap's block, to be freed.
    fn young_block(&self) -> Option<Block> {
        let address = NonNull::new(self.start.cast::<u8>())?;
        Some(Block { address, size_bytes: 8 * self.size_words() })
    }

    /// Frees all fragments; what their terms hold is in `off_heap` (H3).
    fn free_fragments(&mut self) {
        debug_assert!(self.open.is_none() && self.outside.is_none());
        let mut next = core::mem::replace(&mut self.fragments, null_mut());
        while let Some(head) = NonNull::new(next) {
            // SAFETY: the list owns its fragments.
            let fragment = unsafe { Fragment::from_raw(head) };
            next = fragment.next;
            fragment.free_block();
        }
        self.fragment_words = 0;
    }
}

impl Drop for Heap {
    /// The process has exited: gives up everything that its terms held.
    fn drop(&mut self) {
        // SAFETY: H3; nobody uses the terms any more.
        unsafe {
            self.off_heap.release_all();
            self.old_off_heap.release_all();
            if let Some(block) = self.young_block() {
                slab::free(block);
            }
        }
        for fragment in [self.open.take(), self.outside.take()].into_iter().flatten() {
            fragment.free_block();
        }
        self.free_fragments();
    }
}

/// A heap with its head, for building terms where there is no process.
pub struct HeapWithHead<'a> {
    pub heap: &'a mut Heap,
    pub head: &'a mut ProcessHead,
}
impl Alloc for HeapWithHead<'_> {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        self.heap.alloc(self.head, words)
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.heap.off_heap
    }
    fn charge_off_heap(&mut self, words: usize) {
        self.heap.charge_off_heap(self.head, words);
    }
}

/// Words of all chunks of a process's stack.
fn stack_words(head: &ProcessHead) -> usize {
    let chunk = NonNull::new(head.chunk as *mut beamrc_abi::process::StackChunk);
    // SAFETY: I3: a process's chunks are its own.
    chunk.map_or(0, |chunk| unsafe { stack::size_bytes(chunk) } / 8)
}

/// Addresses, sizes and references of the binaries in lists of off-heap objects.
pub fn binaries_of(lists: &[&OffHeap]) -> Vec<(u64, usize, usize)> {
    let mut found = Vec::new();
    for list in lists {
        list.for_each_binary(|binary| {
            // SAFETY: H3: the object in the list keeps the binary alive.
            let (size, references) =
                unsafe { (binary::Binary::size(binary), binary::Binary::references(binary)) };
            found.push((binary.as_ptr() as u64, size, references));
        });
    }
    found
}

/// Under stress a poll may cost so much.
const STRESSED_WORDS_PER_POLL: usize = 1024;

/// Whether the environment asks for a collection at every safepoint.
fn stress() -> bool {
    static STRESS: std::sync::LazyLock<bool> =
        std::sync::LazyLock::new(|| std::env::var_os("BEAMRC_GC_STRESS").is_some_and(|v| v == "1"));
    *STRESS
}

#[cfg(test)]
mod tests;
