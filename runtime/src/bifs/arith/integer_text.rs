//! Integers to and from text.

use super::operators::too_large;
use crate::heap::bits::from_bytes;
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::integer::{self, Integer};
use crate::term::{Term, list};

pub fn integer_to_list_1(p: &mut Process, a: Term) -> Result {
    with_text(p, a, Term::small(10), to_list)
}
pub fn integer_to_list_2(p: &mut Process, a: Term, base: Term) -> Result {
    with_text(p, a, base, to_list)
}
pub fn integer_to_binary_1(p: &mut Process, a: Term) -> Result {
    with_text(p, a, Term::small(10), from_bytes)
}
pub fn integer_to_binary_2(p: &mut Process, a: Term, base: Term) -> Result {
    with_text(p, a, base, from_bytes)
}

fn with_text(
    p: &mut Process,
    a: Term,
    base: Term,
    build: fn(&mut Process, &[u8]) -> Term,
) -> Result {
    let mut word = 0;
    let integer = Integer::of(a, &mut word).ok_or_else(badarg)?;
    let base = base_of(base)?;
    if let [word] = integer.words
        && !integer.negative
    {
        let mut buffer = [0; 64];
        return Ok(build(p, integer::word_text(*word, base, &mut buffer)));
    }
    let mut text = Vec::with_capacity(integer.words.len() * 20 + 2);
    integer::to_text(integer, base, &mut text);
    charge_text(p, text.len());
    Ok(build(p, &text))
}
/// A list of the bytes.
pub(super) fn to_list(p: &mut Process, text: &[u8]) -> Term {
    let characters = text.iter().map(|b| Term::small(i64::from(*b)));
    list::forward(p, text.len(), characters, Term::NIL)
}
fn base_of(base: Term) -> Result<u32> {
    match base.as_small() {
        Some(base @ 2..=36) => Ok(base as u32),
        _ => Err(badarg()),
    }
}
/// Conversions of long texts take more time per digit.
fn charge_text(p: &mut Process, digits: usize) {
    p.charge(digits / 64 + digits * digits.isqrt() / 16384);
}

pub fn list_to_integer_1(p: &mut Process, list: Term) -> Result {
    list_to_integer_2(p, list, Term::small(10))
}
pub fn list_to_integer_2(p: &mut Process, list: Term, base: Term) -> Result {
    let base = base_of(base)?;
    let text = list_to_bytes(list).ok_or_else(badarg)?;
    text_to_integer(p, &text, base)
}
pub fn binary_to_integer_1(p: &mut Process, binary: Term) -> Result {
    binary_to_integer_2(p, binary, Term::small(10))
}
pub fn binary_to_integer_2(p: &mut Process, binary: Term, base: Term) -> Result {
    let base = base_of(base)?;
    let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
    text_to_integer(p, &bits.to_bytes(), base)
}
fn text_to_integer(p: &mut Process, text: &[u8], base: u32) -> Result {
    charge_text(p, text.len());
    integer::from_text(p, text, base).ok_or_else(badarg)?.map_err(too_large)
}

/// The bytes of a proper list of such.
pub(super) fn list_to_bytes(list: Term) -> Option<Vec<u8>> {
    let mut elements = list.list();
    let mut bytes = Vec::new();
    for element in elements.by_ref() {
        bytes.push(u8::try_from(element.as_small()?).ok()?);
    }
    elements.tail().is_nil().then_some(bytes)
}
