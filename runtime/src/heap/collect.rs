//! The collector: copying, generational, without recursion.
//!
//! A minor collection moves live objects of the young heap and the fragments: those that survived
//! one before (H2) to the old generation, the others to a new young heap. A major one moves the old
//! generation too. Moved objects are scanned for what they refer to in the order of their addresses
//! (Cheney); list spines are moved cell by cell ahead of their elements, so that they end up
//! contiguous. All memory is taken before anything is moved: a failure leaves the heap as it was.
//!
//! A moved object's header holds its new term (which no header looks like); a moved cons holds
//! [`CONS_MOVED`] and its new term. Literals are told by their address (I6), generations too (G1).

use super::binary;
use super::old::Old;
use super::{Fragment, Heap, heap_size, sizing};
use crate::sys::map::{OLD_START, Space};
use crate::sys::slab::{self, Block};
use crate::sys::{OutOfMemory, cycles};
use crate::term::{OffHeap, Term, header_size};
use beamrc_abi::process::ProcessHead;
use beamrc_abi::term::{
    CONS_MOVED, HEADER_KIND_SHIFT, LITERAL_END, TAG_BOXED, TAG_CONS, TAG_HEADER, TAG_MASK,
    raw_words,
};
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{AtomicU64, Ordering};

/// How thorough a collection is at least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub enum Collection {
    Minor,
    Major,
    /// Major, and nothing is left of the young heap: for a process that may sleep for long.
    Hibernate,
}

/// Why a collection could not give what was asked for: the process is to be killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exhausted {
    /// The heap is as it was.
    OutOfMemory,
    /// `max_heap_size` is exceeded by this many words. The collection has taken place.
    MaxHeapSize(usize),
}

/// Given to the owner of roots to show them to the collector.
pub trait Visitor {
    /// Whether only young objects move: roots known to hold old terms may then be left out.
    const MINOR: bool;
    /// Updates a root, which may hold any term or [`Term::NONVALUE`].
    fn term(&mut self, slot: &mut Term);
    fn terms(&mut self, slots: &mut [Term]) {
        for slot in slots {
            self.term(slot);
        }
    }
    /// As `term`, for a slot in a stack frame.
    /// # Safety
    /// `slot` is the address of a live term.
    unsafe fn slot(&mut self, slot: *mut u64) {
        // SAFETY: the caller's contract.
        self.term(unsafe { &mut *slot.cast::<Term>() });
    }
}

/// Whatever holds terms across collections.
pub trait Roots {
    fn visit<V: Visitor>(&mut self, visitor: &mut V);
}
impl Roots for [Term] {
    fn visit<V: Visitor>(&mut self, visitor: &mut V) {
        visitor.terms(self);
    }
}
impl<const N: usize> Roots for [Term; N] {
    fn visit<V: Visitor>(&mut self, visitor: &mut V) {
        visitor.terms(self);
    }
}
impl Roots for Vec<Term> {
    fn visit<V: Visitor>(&mut self, visitor: &mut V) {
        visitor.terms(self);
    }
}

/// Cells of a list that are moved together.
const SPINE_CELLS: usize = 256;

/// Unused words that a process may sleep on for long.
const SPARSE_WORDS: usize = 64;

/// What freed memory is filled with in debug builds and under stress: no valid address.
const POISON: u8 = 0x5a;

static COLLECTIONS: AtomicU64 = AtomicU64::new(0);
static RECLAIMED_WORDS: AtomicU64 = AtomicU64::new(0);

/// Collections of all processes so far, and words they reclaimed.
pub fn statistics() -> (u64, u64) {
    (COLLECTIONS.load(Ordering::Relaxed), RECLAIMED_WORDS.load(Ordering::Relaxed))
}

/// A range of addresses; tags do not matter.
#[derive(Clone, Copy)]
struct Range {
    start: u64,
    length: u64,
}
impl Range {
    const ALL: Range = Range { start: 0, length: u64::MAX };
    fn between(start: *mut u64, end: *mut u64) -> Range {
        Range { start: start as u64, length: end as u64 - start as u64 }
    }
    #[inline(always)]
    fn contains(self, word: u64) -> bool {
        word.wrapping_sub(self.start) < self.length
    }
}

/// What a collection starts from.
struct Plan {
    is_major: bool,
    /// New objects are promoted with the others.
    promotes_new: bool,
    new_words: usize,
    to_young: Option<Block>,
    /// Words of the young heap, survivors included, that are wanted.
    young_words: usize,
    cycles: u64,
    /// The old generation before a major collection, which fills a fresh one.
    from_old: Old,
}

impl Heap {
    /// Collects, and makes room for `need_words` on the young heap. Returns the reductions to
    /// charge. Every term that is not reachable from the roots or the pins is gone afterwards.
    pub fn collect<R: Roots + ?Sized>(
        &mut self,
        head: &mut ProcessHead,
        need_words: usize,
        at_least: Collection,
        roots: &mut R,
    ) -> Result<usize, Exhausted> {
        let (mut work, is_sparse) = self.collect_once(head, need_words, at_least, roots)?;
        if at_least >= Collection::Major && is_sparse {
            // The room that was reserved turned out to be far too much: now it is known better. Not
            // more than once: what blocks are rounded up to may be much, too.
            work += self.collect_once(head, need_words, at_least, roots)?.0;
        }
        Ok(work)
    }

    /// The reductions, and whether there is far more room than what lives and what is wanted take.
    fn collect_once<R: Roots + ?Sized>(
        &mut self,
        head: &mut ProcessHead,
        need_words: usize,
        at_least: Collection,
        roots: &mut R,
    ) -> Result<(usize, bool), Exhausted> {
        if self.outside.is_some() {
            self.close_outside_fragment(head);
            head.hp = core::mem::replace(&mut self.parked_hp, null_mut()) as u64;
            head.heap_limit = self.limit as u64;
        }
        self.close_open_fragment();
        let above_max = self.above_max(head, need_words);
        self.answer_words = 0;
        let plan =
            self.plan(head, need_words, at_least).map_err(|OutOfMemory| Exhausted::OutOfMemory)?;
        let (is_major, wanted_words) = (plan.is_major, plan.young_words.max(need_words));
        let moved_words = if is_major {
            self.run::<true, R>(head, need_words, plan, roots)
        } else {
            self.run::<false, R>(head, need_words, plan, roots)
        };
        #[cfg(debug_assertions)]
        if self.stress {
            self.verify(head);
        }
        let is_sparse = |size_words, used_words| size_words > 2 * used_words + SPARSE_WORDS;
        let is_sparse = is_sparse(self.old.size_words(), self.old.used_words())
            || is_sparse(self.size_words().saturating_sub(wanted_words), self.young_words(head));
        match above_max {
            Some(words) => Err(Exhausted::MaxHeapSize(words)),
            None => Ok((1 + moved_words / 16, is_sparse)),
        }
    }

    /// The words that count for `max_heap_size` when a collection begins, if they are too many:
    /// garbage included, and the heap that what is new is moved to, as large as OTP would make it.
    fn above_max(&self, head: &ProcessHead, need_words: usize) -> Option<usize> {
        let max = self.options.max_heap;
        if max.words == 0 {
            return None;
        }
        let built_words =
            self.young_words(head) + self.fragment_words + self.message_words as usize;
        let new_words = built_words.saturating_sub(self.answer_words as usize);
        let stack_words = super::stack_words(head);
        let mut words = new_words + stack_words + self.old.used_words();
        words +=
            heap_size((stack_words + new_words.max(need_words)).max(self.options.min_heap_words));
        if max.include_shared_binaries {
            words += self.off_heap.virtual_words + self.old_off_heap.virtual_words;
        }
        (words > max.words).then_some(words)
    }

    pub(super) fn young_words(&self, head: &ProcessHead) -> usize {
        (head.hp as usize - self.start as usize) / 8
    }

    fn is_major_due(&self, mature_words: usize) -> bool {
        self.minor_collections >= self.options.fullsweep_after
            || self.stress && self.minor_collections as usize >= self.stressed_fullsweep_after()
            || self.old.used_words() + mature_words > self.sizing.old_limit_words
            || self.old_off_heap.virtual_words > self.sizing.old_vheap_limit_words
    }

    /// Minor collections between major ones under stress, which shall find what refers to a lost old
    /// object as well; more where the old generation is large, so that what is quadratic ends.
    fn stressed_fullsweep_after(&self) -> usize {
        16 + self.old.used_words() / 256
    }

    /// Decides what to do, and takes the memory for it.
    fn plan(
        &mut self,
        head: &ProcessHead,
        need_words: usize,
        at_least: Collection,
    ) -> Result<Plan, OutOfMemory> {
        let young_words = self.young_words(head);
        let mature_words = (self.high_water as usize - self.start as usize) / 8;
        let new_words = young_words - mature_words + self.fragment_words;
        let is_major = at_least >= Collection::Major || self.is_major_due(mature_words);
        let hibernates = at_least == Collection::Hibernate;
        let promotes_new = hibernates || self.sizing.promotes_new(new_words);
        let (survivors_words, mut promoted_words) =
            if promotes_new { (0, mature_words + new_words) } else { (new_words, mature_words) };
        let size_words = (self.limit as usize - self.start as usize) / 8;
        let cycles = cycles::now();
        // Under stress collections follow one another without end, and those that are asked for come
        // whenever that is: their speed says nothing.
        let wanted = if self.stress || at_least == Collection::Major {
            sizing::least_words(&self.options)
        } else {
            self.sizing.young_words(&self.options, size_words, cycles)
        };
        let to_young = if hibernates && need_words == 0 {
            None
        } else {
            let words = wanted.max(survivors_words.checked_add(need_words).ok_or(OutOfMemory)?);
            Some(slab::allocate(Space::Young, words.checked_mul(8).ok_or(OutOfMemory)?)?)
        };
        let mut from_old = Old::default();
        let reserved = if is_major {
            from_old = core::mem::take(&mut self.old);
            promoted_words += from_old.used_words();
            if promoted_words == 0 { Ok(()) } else { self.old.open(promoted_words) }
        } else {
            self.old.reserve(promoted_words)
        };
        if let Err(OutOfMemory) = reserved {
            if is_major {
                self.old = from_old;
            }
            if let Some(block) = to_young {
                // SAFETY: just allocated, not used.
                unsafe { slab::free(block) };
            }
            return Err(OutOfMemory);
        }
        Ok(Plan {
            is_major,
            promotes_new,
            new_words,
            to_young,
            young_words: wanted,
            cycles,
            from_old,
        })
    }

    /// Moves everything that lives and frees the rest; returns the words moved.
    fn run<const MAJOR: bool, R: Roots + ?Sized>(
        &mut self,
        head: &mut ProcessHead,
        need_words: usize,
        plan: Plan,
        roots: &mut R,
    ) -> usize {
        let from_top = head.hp as *mut u64;
        let from_block = self.young_block();
        let used_words = self.young_words(head) + self.fragment_words + plan.from_old.used_words();
        let mature = if plan.promotes_new {
            Range::ALL
        } else {
            Range::between(self.start, self.high_water)
        };
        let from_young = Range::between(self.start, from_top);
        self.set_young(plan.to_young);
        let old_start = self.old.top;
        let old_room = self.old.room_words();
        let mut collector = Collector::<MAJOR> {
            young_top: self.start,
            old_top: old_start,
            from_young,
            mature,
            to_young: Range::between(self.start, self.end),
            to_old: Range::between(old_start, old_start.wrapping_add(old_room)),
            has_fragments: !self.fragments.is_null(),
        };
        roots.visit(&mut collector);
        if let Some(pins) = &mut self.pins {
            pins.visit(&mut collector);
        }
        // SAFETY: the from-spaces are complete (I2), and `plan` reserved room for all of them.
        unsafe {
            collector.scan_all(self.start, old_start);
            self.sweep::<MAJOR>();
        }
        debug_assert!(collector.young_top <= self.end, "survivors fit");
        self.old.top = collector.old_top;
        debug_assert!(self.old.top <= old_start.wrapping_add(old_room), "promoted objects fit");

        let survivors_words = (collector.young_top as usize - self.start as usize) / 8;
        let promoted_words = (collector.old_top as usize - old_start as usize) / 8;
        self.free_from_spaces(from_block, plan.from_old);
        self.high_water = collector.young_top;
        self.limit = if self.stress {
            self.end
        } else {
            let free_words = plan.young_words.saturating_sub(survivors_words);
            let free_words = free_words.max(plan.young_words / 2).max(need_words);
            let room_words = self.size_words() - survivors_words;
            collector.young_top.wrapping_add(free_words.min(room_words))
        };
        self.set_head(head, collector.young_top, need_words);
        let moved_words = survivors_words + promoted_words;
        let new_survived = if plan.promotes_new { promoted_words } else { survivors_words };
        self.sizing.collected(plan.new_words, new_survived);
        self.sizing.took(plan.cycles, cycles::now(), moved_words);
        self.account::<MAJOR>(used_words, moved_words);
        COLLECTIONS.fetch_add(1, Ordering::Relaxed);
        let reclaimed = used_words.saturating_sub(moved_words);
        RECLAIMED_WORDS.fetch_add(reclaimed as u64, Ordering::Relaxed);
        moved_words
    }

    fn account<const MAJOR: bool>(&mut self, used_words: usize, moved_words: usize) {
        self.collections += 1;
        let least = self.options.min_bin_vheap_words;
        self.sizing.vheap_limit_words = least.max(2 * self.off_heap.virtual_words);
        if MAJOR {
            self.minor_collections = 0;
            self.old.trim();
            let young_words = self.size_words();
            let survival = moved_words as f64 / used_words.max(1) as f64;
            self.sizing.set_old_limit(self.old.used_words(), young_words, survival);
            self.sizing.old_vheap_limit_words = least.max(2 * self.old_off_heap.virtual_words);
        } else {
            self.minor_collections += 1;
        }
    }

    fn free_from_spaces(&mut self, young: Option<Block>, old: Old) {
        if cfg!(debug_assertions) || self.stress {
            let young = young.map(|block| (block.address.as_ptr(), block.size_bytes));
            let old = old.chunks().map(|(start, words)| (start.cast(), 8 * words));
            for (start, bytes) in young.into_iter().chain(old).chain(self.fragment_ranges()) {
                // SAFETY: everything that lives has been moved away.
                unsafe { start.write_bytes(POISON, bytes) };
            }
        }
        if let Some(block) = young {
            // SAFETY: the young heap that was; nothing refers to it any more.
            unsafe { slab::free(block) };
        }
        self.free_fragments();
        drop(old);
    }

    /// Start and bytes of what is in use in each fragment.
    fn fragment_ranges(&self) -> impl Iterator<Item = (*mut u8, usize)> {
        let mut next = self.fragments;
        core::iter::from_fn(move || {
            // SAFETY: the list owns its fragments; the handle is not dropped.
            let fragment = unsafe { Fragment::from_raw(NonNull::new(next)?) };
            next = fragment.next;
            let range = (fragment.words().cast(), 8 * fragment.used_words());
            let _ = fragment.into_raw();
            Some(range)
        })
    }

    /// Lets go of what dead off-heap objects hold, and links the moved ones anew (H3).
    /// # Safety
    /// Everything that lives has been moved; the from-spaces are still there.
    unsafe fn sweep<const MAJOR: bool>(&mut self) {
        let young = core::mem::take(&mut self.off_heap);
        let old = if MAJOR { core::mem::take(&mut self.old_off_heap) } else { OffHeap::default() };
        // SAFETY: the caller's contract.
        let met_words = unsafe {
            self.sweep_list(&old);
            self.sweep_list(&young)
        };
        if !MAJOR {
            // What was charged but is not behind an object of the young list is growth of binaries
            // that old objects keep.
            self.old_off_heap.virtual_words += young.virtual_words.saturating_sub(met_words);
        }
    }

    /// Returns the words of the binaries behind all objects of the list, dead or alive.
    /// # Safety
    /// As for [`Heap::sweep`].
    unsafe fn sweep_list(&mut self, list: &OffHeap) -> usize {
        let mut met_words = 0;
        let mut object = list.first as *mut u64;
        while !object.is_null() {
            // SAFETY: H3: the lists hold complete off-heap objects of the from-spaces; a moved one
            // keeps all its words but the header.
            unsafe {
                let header = *object;
                if header & TAG_MASK == TAG_HEADER {
                    let next = *binary::link_word(object) as *mut u64;
                    met_words += binary::virtual_words(object);
                    binary::release(object);
                    object = next;
                    continue;
                }
                let moved = Term(header).address();
                let next = *binary::link_word(moved) as *mut u64;
                let words = binary::virtual_words(moved);
                let area = if moved as u64 >= OLD_START {
                    &mut self.old_off_heap
                } else {
                    &mut self.off_heap
                };
                area.link(moved);
                area.virtual_words += words;
                met_words += words;
                object = next;
            }
        }
        met_words
    }
}

/// The state of one collection.
struct Collector<const MAJOR: bool> {
    young_top: *mut u64,
    old_top: *mut u64,
    from_young: Range,
    mature: Range,
    to_young: Range,
    to_old: Range,
    has_fragments: bool,
}

impl<const MAJOR: bool> Visitor for Collector<MAJOR> {
    const MINOR: bool = !MAJOR;
    #[inline]
    fn term(&mut self, slot: &mut Term) {
        let word = slot.0;
        match word & TAG_MASK {
            // SAFETY: I5: roots are valid terms.
            TAG_CONS if self.is_from(word) => slot.0 = unsafe { self.move_cons(word) },
            // SAFETY: as above.
            TAG_BOXED if self.is_from(word) => slot.0 = unsafe { self.move_boxed(word) },
            _ => (),
        }
    }
}

/// For each kind, by the header's kind bits: whether no word of it is a term, or else how many
/// words after the header are none.
const RAW: [usize; 32] = {
    let mut raw = [0; 32];
    let mut kind = 0;
    while kind < 32 {
        raw[kind] = raw_words(kind as u8);
        kind += 1;
    }
    raw
};

impl<const MAJOR: bool> Collector<MAJOR> {
    /// Whether a cons or boxed word refers to something that moves.
    #[inline(always)]
    fn is_from(&self, word: u64) -> bool {
        if self.from_young.contains(word) {
            return true;
        }
        if MAJOR {
            word >= LITERAL_END && !self.to_young.contains(word) && !self.to_old.contains(word)
        } else {
            self.has_fragments
                && (LITERAL_END..OLD_START).contains(&word)
                && !self.to_young.contains(word)
        }
    }

    /// Where the object behind a word goes: room for this many words.
    #[inline(always)]
    fn room_for(&mut self, word: u64, words: usize) -> *mut u64 {
        let is_old = self.mature.contains(word) || MAJOR && word >= OLD_START;
        let top = if is_old { &mut self.old_top } else { &mut self.young_top };
        let to = *top;
        *top = to.wrapping_add(words);
        to
    }

    /// Moves a cons, and some of the cells behind it that are to be moved too: so many that they
    /// are still in the nearest cache when they are scanned.
    /// # Safety
    /// `word` is a cons in a from-space.
    #[inline]
    unsafe fn move_cons(&mut self, word: u64) -> u64 {
        // SAFETY: I5; `plan` reserved the room.
        unsafe {
            let mut cell = (word - TAG_CONS) as *mut u64;
            let mut head = *cell;
            if head == CONS_MOVED {
                return *cell.add(1);
            }
            let mut to = self.room_for(word, 2);
            let moved = to as u64 | TAG_CONS;
            let mut left = SPINE_CELLS;
            loop {
                let tail = *cell.add(1);
                *to = head;
                *cell = CONS_MOVED;
                *cell.add(1) = to as u64 | TAG_CONS;
                left -= 1;
                if tail & TAG_MASK != TAG_CONS || left == 0 || !self.is_from(tail) {
                    *to.add(1) = tail;
                    return moved;
                }
                cell = (tail - TAG_CONS) as *mut u64;
                head = *cell;
                if head == CONS_MOVED {
                    *to.add(1) = *cell.add(1);
                    return moved;
                }
                let next = self.room_for(tail, 2);
                *to.add(1) = next as u64 | TAG_CONS;
                to = next;
            }
        }
    }

    /// # Safety
    /// `word` is a boxed term in a from-space.
    #[inline]
    unsafe fn move_boxed(&mut self, word: u64) -> u64 {
        // SAFETY: I5; `plan` reserved the room.
        unsafe {
            let object = (word - TAG_BOXED) as *mut u64;
            let header = *object;
            if header & TAG_MASK != TAG_HEADER {
                return header;
            }
            let size = header_size(header);
            let to = self.room_for(word, size + 1);
            *to = header;
            if size <= 8 {
                for i in 1..=size {
                    *to.add(i) = *object.add(i);
                }
            } else {
                core::ptr::copy_nonoverlapping(object.add(1), to.add(1), size);
            }
            let moved = to as u64 | TAG_BOXED;
            *object = moved;
            moved
        }
    }

    /// Scans all that has been moved until nothing more is.
    /// # Safety
    /// `young` and `old` are where moved objects start; the from-spaces are complete.
    unsafe fn scan_all(&mut self, mut young: *mut u64, mut old: *mut u64) {
        while young != self.young_top || old != self.old_top {
            // SAFETY: everything between the two and the tops are moved objects.
            unsafe {
                while young != self.young_top {
                    let end = self.young_top;
                    young = self.scan(young, end);
                }
                while old != self.old_top {
                    let end = self.old_top;
                    old = self.scan(old, end);
                }
            }
        }
    }

    /// Moves what the objects from `at` to `end` refer to. Returns `end`.
    /// # Safety
    /// Complete objects stand there.
    unsafe fn scan(&mut self, mut at: *mut u64, end: *mut u64) -> *mut u64 {
        while at < end {
            // SAFETY: objects are scanned from their headers on, so every word met is a header or
            // a term.
            unsafe {
                let word = *at;
                match word & TAG_MASK {
                    TAG_CONS if self.is_from(word) => *at = self.move_cons(word),
                    TAG_BOXED if self.is_from(word) => *at = self.move_boxed(word),
                    TAG_HEADER => {
                        let raw = RAW[(word >> HEADER_KIND_SHIFT & 31) as usize];
                        at = at.add(raw.min(header_size(word)));
                    }
                    _ => (),
                }
                at = at.add(1);
            }
        }
        end
    }
}

/// Checks that every word of live objects is what it may be (I5, G2): for tests and stress.
#[cfg(any(test, debug_assertions))]
impl Heap {
    /// Panics at the first word that is wrong. Right after a collection only.
    pub fn verify(&self, head: &ProcessHead) {
        let young = (self.start, self.young_words(head));
        for (start, words) in self.old.chunks().chain([young]) {
            let is_old = start as u64 >= OLD_START;
            let mut at = 0;
            while at < words {
                // SAFETY: the words in use of an area.
                let word = unsafe { *start.add(at) };
                match word & TAG_MASK {
                    TAG_HEADER => {
                        assert!(word >> HEADER_KIND_SHIFT & 31 < 18, "header {word:#x}");
                        at += RAW[(word >> HEADER_KIND_SHIFT & 31) as usize].min(header_size(word));
                    }
                    TAG_CONS | TAG_BOXED if word >= LITERAL_END => {
                        let inside = |start: *mut u64, words: usize| {
                            Range::between(start, start.wrapping_add(words)).contains(word)
                        };
                        let valid = self.old.chunks().any(|(start, words)| inside(start, words))
                            || !is_old && inside(young.0, young.1);
                        assert!(valid, "{word:#x} at {at} of {start:?} (old: {is_old})");
                    }
                    _ => (),
                }
                at += 1;
            }
        }
    }
}
