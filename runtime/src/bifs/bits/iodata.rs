//! Iodata: lists of bytes and bit strings to one bit string.

use crate::heap::bits::{self, Filling};
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, system_limit};
use crate::term::bits::Bits;
use crate::term::bits::iodata::{Measure, NoIodata, Piece, measure, walk};
use crate::term::{Term, build};

/// Pieces of iodata that are walked for one reduction, and bytes that are copied.
const PIECES_PER_REDUCTION: usize = 64;
const BYTES_PER_REDUCTION: usize = 1024;

/// Larger pieces of `iolist_to_iovec/1` are kept as they are.
const VECTOR_COPY_MAX_BITS: usize = 8 * 512;

fn no_iodata(_: NoIodata) -> Exception {
    badarg()
}

/// A bit string of all pieces.
fn flatten(p: &mut Process, iodata: Term, whole_bytes: bool) -> Result {
    let Measure { size_bits, pieces, aligned } = measure(iodata).map_err(no_iodata)?;
    if whole_bytes && !aligned {
        return Err(badarg());
    }
    p.charge(pieces / PIECES_PER_REDUCTION + size_bits / (8 * BYTES_PER_REDUCTION));
    let mut filling = Filling::new(p, size_bits, aligned).ok_or_else(system_limit)?;
    walk(iodata, |piece| {
        match piece {
            Piece::Byte(byte) => filling.byte(byte),
            Piece::Bits(bits, _) => filling.bits(&bits),
        }
        Ok(())
    })
    .map_err(no_iodata)?;
    Ok(filling.finish())
}

pub fn list_to_binary_1(p: &mut Process, list: Term) -> Result {
    if !list.is_list() {
        return Err(badarg());
    }
    flatten(p, list, true)
}

pub fn iolist_to_binary_1(p: &mut Process, iodata: Term) -> Result {
    if Bits::of_binary(iodata).is_some() {
        return Ok(iodata);
    }
    list_to_binary_1(p, iodata)
}

pub fn list_to_bitstring_1(p: &mut Process, list: Term) -> Result {
    if !list.is_list() {
        return Err(badarg());
    }
    flatten(p, list, false)
}

pub fn iolist_size_1(p: &mut Process, iodata: Term) -> Result {
    if !iodata.is_list() {
        let bits = Bits::of_binary(iodata).ok_or_else(badarg)?;
        return Ok(Term::small(bits.size_bytes() as i64));
    }
    let iodata = measure(iodata).map_err(no_iodata)?;
    p.charge(iodata.pieces / PIECES_PER_REDUCTION);
    if !iodata.aligned {
        return Err(badarg());
    }
    Ok(build::unsigned(p, iodata.size_bits as u64 / 8))
}

/// Large binaries as they are; what is small or does not start at a byte of memory is gathered, up
/// to the next large one, in a binary of its own.
pub fn iolist_to_iovec_1(p: &mut Process, iodata: Term) -> Result {
    if iodata.is_nil() {
        return Ok(Term::NIL);
    }
    if let Some(bits) = Bits::of(iodata) {
        return match (bits.is_binary(), bits.size_bits) {
            (true, 0) => Ok(Term::NIL),
            (true, _) => Ok(build::cons(p, iodata, Term::NIL)),
            (false, _) => Err(badarg()),
        };
    }
    if let Some((head, tail)) = iodata.as_cons()
        && tail.is_nil()
        && let Some(bits) = Bits::of(head)
    {
        return match (bits.is_binary(), bits.size_bits) {
            (true, 0) => Ok(Term::NIL),
            (true, _) => Ok(iodata),
            (false, _) => Err(badarg()),
        };
    }
    let measured = measure(iodata).map_err(no_iodata)?;
    if !measured.aligned {
        return Err(badarg());
    }
    p.charge(measured.pieces / PIECES_PER_REDUCTION);
    let mut vector = vec![];
    let mut gathered = bits::Buffer::with_capacity(0);
    walk(iodata, |piece| {
        match piece {
            Piece::Byte(byte) => gathered.push(byte),
            Piece::Bits(bits, binary) => {
                if bits.size_bits > VECTOR_COPY_MAX_BITS && bits.as_bytes().is_some() {
                    let before = core::mem::replace(&mut gathered, bits::Buffer::with_capacity(0));
                    if !before.is_empty() {
                        vector.push(before.finish(p));
                    }
                    vector.push(binary);
                } else {
                    gathered.extend_bits(&bits);
                }
            }
        }
        Ok(())
    })
    .map_err(no_iodata)?;
    if !gathered.is_empty() {
        vector.push(gathered.finish(p));
    }
    Ok(build::list(p, &vector, Term::NIL))
}
