//! Deep copies of terms, for messages, tables and persistent terms: a pass that counts words, a
//! pass that copies. Neither recurses.
//!
//! Literals are shared, off-heap binaries too (their references counted); what a term refers to
//! twice is copied twice, as OTP does. The copy is contiguous: it is made like a Cheney collection
//! makes it, except that the source is not written, so a bit string that is part of a larger one
//! can become one of its own on the way.

use super::binary;
use crate::sys::lock::Mutex;
use crate::sys::map::{self, Space};
use crate::sys::{OutOfMemory, arena};
use crate::term::bits::Bits;
use crate::term::{Alloc, Kind, OffHeap, Term, header_kind, header_size};
use beamrc_abi::term::{
    HEADER_KIND_SHIFT, HEAP_BITS_MAX_BYTES, LITERAL_END, TAG_BOXED, TAG_CONS, TAG_HEADER, TAG_MASK,
    header, layout, raw_words,
};
use smallvec::SmallVec;

/// `erlang:external_size`'s smaller sister, `erts_debug:flat_size/1`: words of a term when nothing
/// is shared, literals included.
pub fn flat_size(term: Term) -> usize {
    count_words::<true>(term)
}

/// Words that a copy of a term takes.
pub fn words_to_copy(term: Term) -> usize {
    if !term.is_cons() && !term.is_boxed() {
        return 0;
    }
    match words_of_small_tuple::<2>(term) {
        0 => count_words::<false>(term),
        words => words,
    }
}
/// Words of a tuple that holds nothing to be copied but itself and tuples, a few levels of them, as
/// most messages do; 0 if it is anything else.
#[inline]
fn words_of_small_tuple<const LEVELS: usize>(term: Term) -> usize {
    let Some(elements) = term.as_tuple().filter(|_| term.0 >= LITERAL_END) else {
        return 0;
    };
    let mut words = 1 + elements.len();
    for element in elements {
        if is_pointer(element.0) && element.0 >= LITERAL_END {
            let inner = match LEVELS {
                2 => words_of_small_tuple::<1>(*element),
                _ => 0,
            };
            if inner == 0 {
                return 0;
            }
            words += inner;
        }
    }
    words
}

/// A copy on other memory.
pub fn copy(to: &mut (impl Alloc + ?Sized), term: Term) -> Term {
    copy_sized(to, term, words_to_copy(term))
}

/// As [`copy`], of a term whose [`words_to_copy`] is known.
pub fn copy_sized(to: &mut (impl Alloc + ?Sized), term: Term, words: usize) -> Term {
    if words == 0 {
        return term;
    }
    let start = to.alloc(words);
    let before = to.off_heap().virtual_words;
    let off_heap = to.off_heap();
    // SAFETY: I2: fresh words, as many as the copy takes; I5: the source is complete.
    let copied = unsafe {
        let mut copier = Copier { start, top: start, end: start.wrapping_add(words), off_heap };
        let copied = copier.shallow(term);
        copier.scan();
        assert_eq!(copier.top, copier.end, "both passes agree on the size");
        copied
    };
    // So that a process can notice that its virtual heap has grown.
    let charged = core::mem::replace(&mut to.off_heap().virtual_words, before) - before;
    if charged != 0 {
        to.charge_off_heap(charged);
    }
    copied
}

/// A copy of a term of a block that nothing in the block refers out of, but for literals, and that
/// holds nothing to be counted or linked: its words, with their pointers moved along.
///
/// # Safety
/// The block has so many words, complete objects or cells all of them.
pub unsafe fn copy_block(
    to: &mut (impl Alloc + ?Sized),
    term: Term,
    block: *const u64,
    words: usize,
) -> Term {
    let copy = to.alloc(words);
    let distance = (copy as u64).wrapping_sub(block as u64);
    let moved = |word: u64| {
        let moves = is_pointer(word) && word >= LITERAL_END;
        word.wrapping_add(if moves { distance } else { 0 })
    };
    let mut at = 0;
    while at < words {
        // SAFETY: I2: fresh words, as many as the block has, which is the caller's contract.
        unsafe {
            let word = *block.add(at);
            *copy.add(at) = moved(word);
            at += 1;
            if word & TAG_MASK == TAG_HEADER {
                for _ in 0..raw_size(word) {
                    *copy.add(at) = *block.add(at);
                    at += 1;
                }
            }
        }
    }
    debug_assert_eq!(at, words, "complete objects");
    Term(moved(term.0))
}

/// A copy that is never freed and that everybody shares (persistent terms): a literal.
pub fn copy_to_literal(term: Term) -> Result<Term, OutOfMemory> {
    let words = words_to_copy(term);
    let mut area = LITERALS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    area.reserve(words)?;
    Ok(copy_sized(&mut *area, term, words))
}

/// Literals are mapped in multiples of this.
const LITERAL_MAPPING_BYTES: usize = 1 << 20;

/// Literals that were made at run time.
struct LiteralArea {
    next: u64,
    end: u64,
    off_heap: OffHeap,
}
static LITERALS: Mutex<LiteralArea> =
    Mutex::new(LiteralArea { next: 0, end: 0, off_heap: OffHeap { first: 0, virtual_words: 0 } });

impl LiteralArea {
    fn reserve(&mut self, words: usize) -> Result<(), OutOfMemory> {
        let size_bytes = words.checked_mul(8).ok_or(OutOfMemory)?;
        if self.end - self.next >= size_bytes as u64 {
            return Ok(());
        }
        let mapped_bytes = size_bytes.next_multiple_of(LITERAL_MAPPING_BYTES);
        let address = map::map(Space::Literal, mapped_bytes, map::PAGE_BYTES)?;
        self.next = address.as_ptr() as u64;
        self.end = self.next + mapped_bytes as u64;
        Ok(())
    }
}
impl Alloc for LiteralArea {
    fn alloc(&mut self, words: usize) -> *mut u64 {
        let object = self.next;
        self.next += 8 * words as u64;
        assert!(self.next <= self.end, "reserved before");
        object as *mut u64
    }
    fn off_heap(&mut self) -> &mut OffHeap {
        &mut self.off_heap
    }
}

/// Words of the `HeapBits` that a copy makes of part of another bit string; `None` if it stays a
/// part: when it is large, or shares a literal.
/// # Safety
/// `object` is a complete `SubBits`.
#[inline]
unsafe fn own_bits_words(object: *const u64) -> Option<usize> {
    // SAFETY: the caller's contract.
    let (size_bits, base) =
        unsafe { (*object.add(1 + layout::SUB_BITS_SIZE), *object.add(1 + layout::SUB_BITS_BASE)) };
    let is_small = size_bits as usize <= 8 * HEAP_BITS_MAX_BYTES;
    (is_small && base >= LITERAL_END).then(|| 2 + (size_bits as usize).div_ceil(64))
}

/// Leading words after a header that are no terms, at most the object's size.
#[inline(always)]
fn raw_size(header: u64) -> usize {
    raw_words((header >> HEADER_KIND_SHIFT & 31) as u8).min(header_size(header))
}

#[inline(always)]
fn is_pointer(word: u64) -> bool {
    matches!(word & TAG_MASK, TAG_CONS | TAG_BOXED)
}

/// Words of an object that remain to be looked at.
#[derive(Clone, Copy)]
struct Rest {
    next: *const u64,
    count: usize,
}

fn count_words<const LITERALS_TOO: bool>(term: Term) -> usize {
    let _scratch = arena::scope();
    // SAFETY: I5: the term is valid.
    unsafe { count_with::<LITERALS_TOO>(term, &mut SmallVec::new()) }
}

/// # Safety
/// The term is valid.
unsafe fn count_with<const LITERALS_TOO: bool>(
    term: Term,
    rests: &mut SmallVec<[Rest; 16]>,
) -> usize {
    let counts = |word: u64| is_pointer(word) && (LITERALS_TOO || word >= LITERAL_END);
    let mut total = 0;
    let mut word = term.0;
    let mut rest = Rest { next: core::ptr::null(), count: 0 };
    if !counts(word) {
        return 0;
    }
    loop {
        // SAFETY: I5: terms are complete objects; rests lie within them.
        unsafe {
            let inside = if word & TAG_MASK == TAG_CONS {
                total += 2;
                Rest { next: (word - TAG_CONS) as *const u64, count: 2 }
            } else {
                let object = (word - TAG_BOXED) as *const u64;
                let header = *object;
                let (size, raw) = (header_size(header), raw_size(header));
                if header_kind(header) == Kind::SubBits
                    && let Some(words) = own_bits_words(object)
                {
                    total += words;
                    Rest { next: object, count: 0 }
                } else {
                    total += 1 + size;
                    Rest { next: object.add(1 + raw), count: size - raw }
                }
            };
            // What is left of the object around this one matters only if a word of it counts.
            skip(&mut rest, counts);
            if rest.count > 0 {
                rests.push(rest);
            }
            rest = inside;
            skip(&mut rest, counts);
            if rest.count == 0 {
                match rests.pop() {
                    Some(outer) => rest = outer,
                    None => return total,
                }
            }
            word = *rest.next;
            rest = Rest { next: rest.next.add(1), count: rest.count - 1 };
        }
    }
}

/// Goes on to the next word that counts.
/// # Safety
/// The rest lies within a complete object.
#[inline(always)]
unsafe fn skip(rest: &mut Rest, counts: impl Fn(u64) -> bool) {
    // SAFETY: the caller's contract.
    unsafe {
        while rest.count > 0 && !counts(*rest.next) {
            rest.next = rest.next.add(1);
            rest.count -= 1;
        }
    }
}

/// Mostly a few words, for which a call takes longer than the copy.
/// # Safety
/// As for [`core::ptr::copy_nonoverlapping`].
#[inline(always)]
unsafe fn copy_words(from: *const u64, to: *mut u64, count: usize) {
    // SAFETY: the caller's contract.
    unsafe {
        if count <= 4 {
            for at in 0..count {
                *to.add(at) = *from.add(at);
            }
        } else {
            core::ptr::copy_nonoverlapping(from, to, count);
        }
    }
}

struct Copier<'a> {
    start: *mut u64,
    top: *mut u64,
    end: *mut u64,
    off_heap: &'a mut OffHeap,
}

impl Copier<'_> {
    /// Whether a word refers to what is to be copied, rather than to the copy.
    #[inline(always)]
    fn is_source(&self, word: u64) -> bool {
        word >= LITERAL_END
            && word.wrapping_sub(self.start as u64) >= self.end as u64 - self.start as u64
    }

    /// Copies one object, or the cells of a list, without what they refer to.
    /// # Safety
    /// The term is valid (I5), and the room for the whole copy was counted.
    #[inline]
    unsafe fn shallow(&mut self, term: Term) -> Term {
        let word = term.0;
        if word < LITERAL_END {
            return term;
        }
        // SAFETY: the caller's contract.
        unsafe {
            match word & TAG_MASK {
                TAG_CONS => self.cells((word - TAG_CONS) as *const u64),
                TAG_BOXED => self.object((word - TAG_BOXED) as *const u64),
                _ => term,
            }
        }
    }

    /// # Safety
    /// As for [`Copier::shallow`]: `cell` is a cons.
    unsafe fn cells(&mut self, mut cell: *const u64) -> Term {
        let first = self.top;
        // SAFETY: the caller's contract.
        unsafe {
            loop {
                let to = self.top;
                self.top = to.add(2);
                debug_assert!(self.top <= self.end);
                *to = *cell;
                let tail = *cell.add(1);
                if tail & TAG_MASK != TAG_CONS || tail < LITERAL_END {
                    *to.add(1) = tail;
                    return Term::from_cons(first);
                }
                *to.add(1) = self.top as u64 | TAG_CONS;
                cell = (tail - TAG_CONS) as *const u64;
            }
        }
    }

    /// # Safety
    /// As for [`Copier::shallow`]: `object` is a boxed object.
    unsafe fn object(&mut self, object: *const u64) -> Term {
        let to = self.top;
        // SAFETY: the caller's contract.
        unsafe {
            let head = *object;
            let kind = header_kind(head);
            if kind == Kind::SubBits
                && let Some(words) = own_bits_words(object)
            {
                self.top = to.add(words);
                debug_assert!(self.top <= self.end);
                own_bits(to, words, Term::from_boxed(object));
                return Term::from_boxed(to);
            }
            let size = header_size(head);
            self.top = to.add(size + 1);
            debug_assert!(self.top <= self.end);
            copy_words(object, to, size + 1);
            if matches!(kind, Kind::BinRef | Kind::MagicRef) {
                binary::retain(to);
                self.off_heap.link(to);
                self.off_heap.virtual_words += binary::virtual_words(to);
            }
        }
        Term::from_boxed(to)
    }

    /// Copies what the copied objects refer to, until nothing is left.
    /// # Safety
    /// As for [`Copier::shallow`].
    unsafe fn scan(&mut self) {
        let mut at = self.start;
        while at < self.top {
            // SAFETY: from `start` to `top` stand complete objects, scanned from their headers on.
            unsafe {
                let word = *at;
                match word & TAG_MASK {
                    TAG_CONS | TAG_BOXED if self.is_source(word) => {
                        *at = self.shallow(Term(word)).0;
                    }
                    TAG_HEADER => at = at.add(raw_size(word)),
                    _ => (),
                }
                at = at.add(1);
            }
        }
    }
}

/// Makes a `HeapBits` of part of another bit string.
/// # Safety
/// `to` has room for these words, which are [`own_bits_words`] of the part.
unsafe fn own_bits(to: *mut u64, words: usize, part: Term) {
    let bits = Bits::of(part).expect("a SubBits");
    // SAFETY: the caller's contract; the bytes are zero before bits are copied there.
    unsafe {
        *to = header(Kind::HeapBits, words as u64 - 1, 0);
        *to.add(1 + layout::HEAP_BITS_SIZE) = bits.size_bits as u64;
        let data = to.add(1 + layout::HEAP_BITS_DATA);
        data.write_bytes(0, words - 2);
        bits.copy_to(data.cast(), 0);
    }
}
