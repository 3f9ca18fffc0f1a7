//! The bits behind a bit string, wherever its representation keeps them.
//!
//! A borrowed view: it knows nothing of construction, matching or reference counts.

use super::{Kind, Term};
use beamrc_abi::term::layout;

/// `bits` bits that start `offset` bits (0 to 7) into `data`; `data` ends with the last byte that
/// any of them is in.
#[derive(Clone, Copy)]
pub struct BitSlice<'a> {
    pub data: &'a [u8],
    pub offset: u32,
    pub bits: usize,
}

impl<'a> BitSlice<'a> {
    /// Of a bit string; nothing for any other term.
    pub fn of(term: Term) -> Option<BitSlice<'a>> {
        let (start, offset, bits) = match term.kind()? {
            Kind::HeapBits => (heap_bytes(term), 0, term.words()[layout::HEAP_BITS_SIZE]),
            Kind::SubBits => {
                let words = term.words();
                let base = Term(words[layout::SUB_BITS_BASE]);
                let start = match base.kind()? {
                    Kind::HeapBits => heap_bytes(base),
                    _ => (base.words()[layout::BIN_REF_BINARY] as *const u8)
                        .wrapping_add(layout::BINARY_DATA_OFFSET as usize),
                };
                (
                    start,
                    words[layout::SUB_BITS_OFFSET],
                    words[layout::SUB_BITS_SIZE],
                )
            }
            _ => return None,
        };
        let (bits, first) = (bits as usize, offset as usize / 8);
        let offset = offset as usize % 8;
        // SAFETY: I5: the object states where its bits lie; I1 keeps them in place.
        let data = unsafe {
            core::slice::from_raw_parts(start.wrapping_add(first), (offset + bits).div_ceil(8))
        };
        Some(BitSlice {
            data,
            offset: offset as u32,
            bits,
        })
    }
    pub fn whole_bytes(&self) -> usize {
        self.bits / 8
    }
    /// Bits after the last whole byte.
    pub fn tail_bits(&self) -> u32 {
        self.bits as u32 % 8
    }
    /// The whole bytes, if they start at a byte's first bit.
    pub fn aligned(&self) -> Option<&'a [u8]> {
        (self.offset == 0).then(|| &self.data[..self.whole_bytes()])
    }
    /// The `i`th eight bits; those behind the end are 0.
    pub fn byte(&self, i: usize) -> u8 {
        let pair = (self.data[i] as u16) << 8 | self.data.get(i + 1).copied().unwrap_or(0) as u16;
        let byte = (pair >> (8 - self.offset)) as u8;
        if i < self.whole_bytes() {
            byte
        } else {
            byte & !(0xff >> self.tail_bits())
        }
    }
    /// The whole bytes, moved to a byte boundary where they are not on one.
    pub fn to_bytes(&self) -> std::borrow::Cow<'a, [u8]> {
        match self.aligned() {
            Some(bytes) => bytes.into(),
            None => (0..self.whole_bytes())
                .map(|i| self.byte(i))
                .collect::<Vec<_>>()
                .into(),
        }
    }
    /// The bits after the last whole byte, as a number.
    pub fn tail(&self) -> u8 {
        match self.tail_bits() {
            0 => 0,
            bits => self.byte(self.whole_bytes()) >> (8 - bits),
        }
    }
}

fn heap_bytes(term: Term) -> *const u8 {
    term.words()[layout::HEAP_BITS_DATA..].as_ptr().cast()
}
