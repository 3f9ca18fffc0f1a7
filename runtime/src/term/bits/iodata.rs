//! Walking iodata: bytes and bit strings nested in lists to any depth, without recursion.

use super::Bits;
use crate::term::Term;
use beamrc_abi::term as abi;
use smallvec::SmallVec;

/// What iodata is made of.
pub enum Piece {
    Byte(u8),
    /// A bit string of whole bytes or not, and the term it is.
    Bits(Bits, Term),
}

/// The term is no iodata.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoIodata;

/// Calls `each` with every piece, in order. What has been seen before an error was good.
pub fn walk(
    iodata: Term,
    mut each: impl FnMut(Piece) -> Result<(), NoIodata>,
) -> Result<(), NoIodata> {
    // Tails to go on with when the list that is being walked ends.
    let mut pending: SmallVec<[Term; 8]> = SmallVec::new();
    let mut rest = iodata;
    loop {
        while let Some((head, tail)) = rest.as_cons() {
            if head.0 & !abi::small(255) == 0 {
                each(Piece::Byte((head.0 >> abi::TAG_BITS) as u8))?;
            } else if head.is_cons() {
                if !tail.is_nil() {
                    pending.push(tail);
                }
                rest = head;
                continue;
            } else if let Some(bits) = Bits::of(head) {
                each(Piece::Bits(bits, head))?;
            } else if !head.is_nil() {
                return Err(NoIodata);
            }
            rest = tail;
        }
        if !rest.is_nil() {
            let bits = Bits::of(rest).ok_or(NoIodata)?;
            each(Piece::Bits(bits, rest))?;
        }
        match pending.pop() {
            Some(tail) => rest = tail,
            None => return Ok(()),
        }
    }
}

/// What iodata comes to.
#[derive(Default)]
pub struct Measure {
    pub size_bits: usize,
    pub pieces: usize,
    /// Every piece has whole bytes.
    pub aligned: bool,
}

pub fn measure(iodata: Term) -> Result<Measure, NoIodata> {
    let (mut bytes, mut size_bits, mut bit_strings, mut ends) = (0, 0usize, 0, 0);
    walk(iodata, |piece| {
        match piece {
            Piece::Byte(_) => bytes += 1,
            Piece::Bits(bits, _) => {
                bit_strings += 1;
                size_bits = size_bits.saturating_add(bits.size_bits);
                ends |= bits.size_bits;
            }
        }
        Ok(())
    })?;
    Ok(Measure {
        size_bits: size_bits.saturating_add(8 * bytes),
        pieces: bytes + bit_strings,
        aligned: ends.is_multiple_of(8),
    })
}
