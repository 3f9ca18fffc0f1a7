//! Bit strings of any representation: [`Bits`] is where the bits are.
//!
//! A `HeapBits` holds its bits itself, a `SubBits` is part of a `HeapBits` or of an off-heap
//! binary, a match context is a position in one. Code that treats whole bytes asks for
//! [`Bits::as_bytes`] first, which costs nothing, and falls back on [`Bits::to_bytes`].
//! A `Bits` stays valid as long as its term does (I1), except that appending in place to the
//! same off-heap binary may move it.

pub mod copy;
pub mod float;
pub mod integer;
pub mod iodata;
pub mod utf;

use super::{Kind, Term, header_kind};
use beamrc_abi::term::{HEADER_KIND_MASK, kind_bits, layout};
use core::cmp::Ordering;
use std::borrow::Cow;

const HEAP_BITS: u64 = kind_bits(Kind::HeapBits);
const SUB_BITS: u64 = kind_bits(Kind::SubBits);

/// A run of bits in memory.
#[derive(Clone, Copy)]
pub struct Bits {
    /// Address that positions count from.
    pub data: *const u8,
    pub offset_bits: usize,
    pub size_bits: usize,
}

/// Address of the bytes of a `HeapBits` or `BinRef`.
#[inline]
pub fn data_of(base: Term) -> *const u8 {
    let object = base.address();
    // SAFETY: I5: the base of a bit string is a complete HeapBits or BinRef, laid out as I4 says.
    unsafe {
        if *object & HEADER_KIND_MASK == HEAP_BITS {
            object.add(1 + layout::HEAP_BITS_DATA).cast()
        } else {
            debug_assert!(base.is_kind(Kind::BinRef));
            (*object.add(1 + layout::BIN_REF_BINARY) as *const u8)
                .add(layout::BINARY_DATA_OFFSET as usize)
        }
    }
}

/// Number of bits of a bit string; `None` if the term is none.
#[inline]
pub fn size_of(term: Term) -> Option<usize> {
    // The two kinds differ in one bit.
    if term.header()? & (HEADER_KIND_MASK ^ HEAP_BITS ^ SUB_BITS) != HEAP_BITS & SUB_BITS {
        return None;
    }
    // SAFETY: I5; both kinds state their size in the first word.
    Some(unsafe { *term.address().add(1 + layout::SUB_BITS_SIZE) } as usize)
}
const _: () = assert!((HEAP_BITS ^ SUB_BITS).is_power_of_two());
const _: () = assert!(layout::SUB_BITS_SIZE == layout::HEAP_BITS_SIZE);

/// The object that holds a bit string's bits, and where in it they start.
#[inline]
pub fn base_of(term: Term) -> Option<(Term, usize)> {
    match header_kind(term.header()?) {
        Kind::HeapBits => Some((term, 0)),
        Kind::SubBits => {
            let words = term.words();
            Some((Term(words[layout::SUB_BITS_BASE]), words[layout::SUB_BITS_OFFSET] as usize))
        }
        _ => None,
    }
}

impl Bits {
    /// The bits of a bit string; `None` if the term is none.
    #[inline]
    pub fn of(term: Term) -> Option<Bits> {
        let size_bits = size_of(term)?;
        let object = term.address();
        // SAFETY: I5, I4: a complete object of one of the two kinds.
        let (base, offset_bits) = unsafe {
            if *object & HEADER_KIND_MASK == HEAP_BITS {
                (term, 0)
            } else {
                let offset_bits = *object.add(1 + layout::SUB_BITS_OFFSET) as usize;
                (Term(*object.add(1 + layout::SUB_BITS_BASE)), offset_bits)
            }
        };
        Some(Bits { data: data_of(base), offset_bits, size_bits })
    }

    /// The bits of a binary: a bit string of whole bytes.
    #[inline]
    pub fn of_binary(term: Term) -> Option<Bits> {
        Bits::of(term).filter(|bits| bits.size_bits.is_multiple_of(8))
    }

    pub fn from_slice(bytes: &[u8]) -> Bits {
        Bits { data: bytes.as_ptr(), offset_bits: 0, size_bits: 8 * bytes.len() }
    }

    /// Whole bytes.
    pub const fn size_bytes(&self) -> usize {
        self.size_bits / 8
    }
    /// Bits after the last whole byte.
    pub const fn tail_bits(&self) -> usize {
        self.size_bits % 8
    }
    pub const fn is_binary(&self) -> bool {
        self.size_bits.is_multiple_of(8)
    }

    /// The whole bytes, if they start at a byte of memory.
    #[inline]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if !self.offset_bits.is_multiple_of(8) {
            return None;
        }
        // SAFETY: I5: the bits lie in the object they were taken from, which I1 keeps in place.
        Some(unsafe {
            core::slice::from_raw_parts(self.data.add(self.offset_bits / 8), self.size_bytes())
        })
    }

    /// The whole bytes, copied if they do not start at a byte of memory.
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        match self.as_bytes() {
            Some(bytes) => Cow::Borrowed(bytes),
            None => {
                let mut bytes = vec![0; self.size_bytes()];
                let whole = self.part(0, 8 * bytes.len());
                // SAFETY: `bytes` has room for the whole bytes.
                unsafe { whole.copy_to(bytes.as_mut_ptr(), 0) };
                Cow::Owned(bytes)
            }
        }
    }

    /// The bits after the last whole byte, as the low bits of the result.
    pub fn tail(&self) -> u8 {
        self.load(8 * self.size_bytes(), self.tail_bits()) as u8
    }

    /// `count` bits (at most 64) from bit `at` on.
    #[inline]
    pub fn load(&self, at: usize, count: usize) -> u64 {
        debug_assert!(at + count <= self.size_bits);
        // SAFETY: I5 as in as_bytes; the range is within the bits.
        unsafe { copy::load(self.data, self.offset_bits + at, count) }
    }

    /// Byte `index` of the whole bytes.
    #[inline]
    pub fn byte(&self, index: usize) -> u8 {
        self.load(8 * index, 8) as u8
    }

    /// All bits as one integer (see [`integer`] for the flags); `NONVALUE` if it is too large.
    pub fn to_integer(&self, heap: &mut impl super::Alloc, flags: u64) -> Term {
        // SAFETY: I5 as in as_bytes: the field is all of the bits.
        unsafe { integer::get(heap, self.data, self.offset_bits, self.size_bits, flags) }
    }

    /// `size_bits` bits from bit `at` on; they must lie within.
    pub fn part(&self, at: usize, size_bits: usize) -> Bits {
        debug_assert!(at + size_bits <= self.size_bits);
        Bits { offset_bits: self.offset_bits + at, size_bits, ..*self }
    }

    /// Copies the bits to bit `at` of `to`.
    ///
    /// # Safety
    /// `to` is writable as [`copy::store`] asks, and does not overlap the bits.
    pub unsafe fn copy_to(&self, to: *mut u8, at: usize) {
        // SAFETY: the caller's contract, and I5 for the source.
        unsafe { copy::copy(self.data, self.offset_bits, to, at, self.size_bits) }
    }

    /// Order of bit strings: the first bit that differs decides, then the size.
    pub fn compare(&self, other: &Bits) -> Ordering {
        let shared = self.size_bits.min(other.size_bits);
        // SAFETY: I5; both have at least `shared` bits.
        let order = unsafe {
            copy::compare(self.data, self.offset_bits, other.data, other.offset_bits, shared)
        };
        order.then(self.size_bits.cmp(&other.size_bits))
    }

    pub fn equal(&self, other: &Bits) -> bool {
        self.size_bits == other.size_bits && self.compare(other) == Ordering::Equal
    }
}

#[cfg(test)]
mod tests;
