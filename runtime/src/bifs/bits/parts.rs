//! Sizes and parts of bit strings, and their bytes as lists.

use crate::heap::bits;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::{Kind, Term, build, list};
use beamrc_abi::term::layout;

/// Bytes put into lists for one reduction.
const LIST_BYTES_PER_REDUCTION: usize = 64;

pub fn byte_size_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::small(size_bits(term)?.div_ceil(8) as i64))
}

pub fn bit_size_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::small(size_bits(term)? as i64))
}

/// Size of a bit string, or of what is left in a match context: the compiler hands both to guards.
fn size_bits(term: Term) -> Result<usize> {
    if term.is_kind(Kind::Match) {
        let words = term.words();
        return Ok((words[layout::MATCH_END] - words[layout::MATCH_POSITION]) as usize);
    }
    Ok(Bits::of(term).ok_or_else(badarg)?.size_bits)
}

/// First byte and size of a part given as in `binary_part/3`: a negative length counts backwards.
pub(in crate::bifs) fn part_range(
    size: usize,
    position: Term,
    length: Term,
) -> Option<(usize, usize)> {
    let (position, length) = (position.as_small()?, length.as_small()?);
    let (start, end) =
        if length < 0 { (position + length, position) } else { (position, position + length) };
    if position < 0 || start < 0 || end > size as i64 {
        return None;
    }
    Some((start as usize, (end - start) as usize))
}

pub fn binary_part_3(p: &mut Process, binary: Term, position: Term, length: Term) -> Result {
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    let (start, size) = part_range(bits.size_bytes(), position, length).ok_or_else(badarg)?;
    Ok(bits::part(p, binary, 8 * start, 8 * size))
}

pub fn binary_part_2(p: &mut Process, binary: Term, range: Term) -> Result {
    match range.as_tuple() {
        Some(&[position, length]) => binary_part_3(p, binary, position, length),
        _ => Err(badarg()),
    }
}

pub fn split_binary_2(p: &mut Process, binary: Term, position: Term) -> Result {
    let bits = Bits::of(binary).ok_or_else(badarg)?;
    let at = match position.as_small() {
        Some(position @ 0..) if position as usize <= bits.size_bytes() => 8 * position as usize,
        _ => return Err(badarg()),
    };
    let left = bits::part(p, binary, 0, at);
    let right = bits::part(p, binary, at, bits.size_bits - at);
    Ok(build::tuple(p, &[left, right]))
}

/// The bytes as a list that ends in `tail`.
pub(in crate::bifs) fn byte_list(p: &mut Process, bytes: &[u8], tail: Term) -> Term {
    p.charge(bytes.len() / LIST_BYTES_PER_REDUCTION);
    let elements = bytes.iter().map(|byte| Term::small(*byte as i64));
    list::forward(p, bytes.len(), elements, tail)
}

pub fn binary_to_list_1(p: &mut Process, binary: Term) -> Result {
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    Ok(byte_list(p, &bits.to_bytes(), Term::NIL))
}

/// Bytes `start` to `stop`, counted from 1.
pub fn binary_to_list_3(p: &mut Process, binary: Term, start: Term, stop: Term) -> Result {
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    let (Some(start), Some(stop)) = (start.as_small(), stop.as_small()) else {
        return Err(badarg());
    };
    if start < 1 || stop < start || stop > bits.size_bytes() as i64 {
        return Err(badarg());
    }
    let part = bits.part(8 * (start as usize - 1), 8 * (stop - start + 1) as usize);
    Ok(byte_list(p, &part.to_bytes(), Term::NIL))
}

pub fn bitstring_to_list_1(p: &mut Process, bitstring: Term) -> Result {
    let bits = Bits::of(bitstring).ok_or_else(badarg)?;
    let mut tail = Term::NIL;
    if !bits.is_binary() {
        let at = 8 * bits.size_bytes();
        let last = bits::part(p, bitstring, at, bits.tail_bits());
        tail = build::cons(p, last, tail);
    }
    Ok(byte_list(p, &bits.to_bytes(), tail))
}
