//! Natives of module `binary`.

mod integers;
mod pattern;
mod search;

pub use integers::*;
pub use search::*;

use super::bits;
use super::values::machine_word;
use crate::heap::bits::{Filling, from_bits, referenced_bytes};
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::term::Term;
use crate::term::bits::Bits;

/// Bytes looked at or copied for one reduction.
const BYTES_PER_REDUCTION: usize = 1024;

fn binary(term: Term) -> Result<Bits> {
    Bits::of_binary(term).ok_or_else(badarg)
}

pub fn at_2(_p: &mut Process, subject: Term, position: Term) -> Result {
    let bits = binary(subject)?;
    match position.as_small() {
        Some(at @ 0..) if (at as usize) < bits.size_bytes() => {
            Ok(Term::small(bits.byte(at as usize) as i64))
        }
        _ => Err(badarg()),
    }
}
pub fn first_1(p: &mut Process, subject: Term) -> Result {
    at_2(p, subject, Term::small(0))
}
pub fn last_1(_p: &mut Process, subject: Term) -> Result {
    let bits = binary(subject)?;
    let last = bits.size_bytes().checked_sub(1).ok_or_else(badarg)?;
    Ok(Term::small(bits.byte(last) as i64))
}

pub fn part_2(p: &mut Process, subject: Term, range: Term) -> Result {
    bits::binary_part_2(p, subject, range)
}
pub fn part_3(p: &mut Process, subject: Term, position: Term, length: Term) -> Result {
    bits::binary_part_3(p, subject, position, length)
}
pub fn list_to_bin_1(p: &mut Process, list: Term) -> Result {
    bits::list_to_binary_1(p, list)
}

pub fn copy_1(p: &mut Process, subject: Term) -> Result {
    let bits = binary(subject)?;
    p.charge(bits.size_bytes() / BYTES_PER_REDUCTION);
    Ok(from_bits(p, bits))
}
pub fn copy_2(p: &mut Process, subject: Term, count: Term) -> Result {
    let bits = binary(subject)?;
    let count = machine_word(count).and_then(|count| usize::try_from(count).ok());
    let count = count.ok_or_else(badarg)?;
    let size_bits = bits.size_bits.checked_mul(count).ok_or_else(system_limit)?;
    p.charge(size_bits / (8 * BYTES_PER_REDUCTION));
    let mut filling = Filling::new(p, size_bits, true).ok_or_else(system_limit)?;
    if size_bits > 0 {
        for _ in 0..count {
            filling.bits(&bits);
        }
    }
    Ok(filling.finish())
}

pub fn referenced_byte_size_1(_p: &mut Process, subject: Term) -> Result {
    let size_bytes = referenced_bytes(subject).ok_or_else(badarg)?;
    Ok(Term::small(size_bytes as i64))
}

/// Binaries of a list, and the size of the smallest.
fn binaries(list: Term) -> Result<(Vec<Bits>, usize)> {
    let mut elements = list.list();
    let all = elements.by_ref().map(binary).collect::<Result<Vec<_>>>()?;
    if !elements.tail().is_nil() {
        return Err(badarg());
    }
    let smallest = all.iter().map(Bits::size_bytes).min().ok_or_else(badarg)?;
    Ok((all, smallest))
}

/// How many of the pairs given are equal before the first that is not.
fn equal_run<T: PartialEq>(pairs: impl Iterator<Item = (T, T)>) -> usize {
    pairs.take_while(|(a, b)| a == b).count()
}

pub fn longest_common_prefix_1(p: &mut Process, list: Term) -> Result {
    let (all, mut common) = binaries(list)?;
    let first = all[0].to_bytes();
    for other in &all[1..] {
        let other = other.to_bytes();
        common = equal_run(first[..common].iter().zip(&other[..common]));
    }
    p.charge(all.len() * common / BYTES_PER_REDUCTION);
    Ok(Term::small(common as i64))
}
pub fn longest_common_suffix_1(p: &mut Process, list: Term) -> Result {
    let (all, mut common) = binaries(list)?;
    let first = all[0].to_bytes();
    for other in &all[1..] {
        let other = other.to_bytes();
        common = equal_run(first.iter().rev().take(common).zip(other.iter().rev()));
    }
    p.charge(all.len() * common / BYTES_PER_REDUCTION);
    Ok(Term::small(common as i64))
}
