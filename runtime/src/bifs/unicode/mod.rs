//! Natives of module `unicode`.
//!
//! Character data is converted to UTF-8 by [`utf8::Converter`] or, if its binaries are UTF-16 or
//! UTF-32, by [`wide::Converter`]; what cannot be converted is returned, with all that follows it,
//! in the shape that OTP gives it.

mod utf8;
mod wide;

use crate::heap::bits::{self, Buffer};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::{Term, build, list};
use beamrc_abi::atom::id;
use utf8::{Converter, Stop};

/// Characters converted for one reduction.
const CHARACTERS_PER_REDUCTION: usize = 128;

/// What the bytes of binaries in character data are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Latin1,
    Utf8,
}

/// What the bytes of binaries in character data are, by its name in `unicode`.
fn wide(term: Term) -> Result<wide::Converter> {
    use wide::{Converter, Width::*};
    let (name, little) = match term.as_tuple() {
        Some([name, order]) => match order.as_atom() {
            Some(id::BIG) => (*name, false),
            Some(id::LITTLE) => (*name, true),
            _ => return Err(badarg()),
        },
        _ => (term, false),
    };
    match name.as_atom() {
        Some(id::UTF16) => Ok(Converter::new(Utf16, little)),
        Some(id::UTF32) => Ok(Converter::new(Utf32, little)),
        _ => Err(badarg()),
    }
}

fn encoding(term: Term) -> Option<Encoding> {
    match term.as_atom()? {
        id::LATIN1 => Some(Encoding::Latin1),
        id::UTF8 | id::UNICODE => Some(Encoding::Utf8),
        _ => None,
    }
}

pub fn bin_is_7bit_1(_p: &mut Process, subject: Term) -> Result {
    let ascii = Bits::of_binary(subject).is_some_and(|bits| bits.to_bytes().is_ascii());
    Ok(Term::bool(ascii))
}

/// The text of a list of one binary is that binary's.
fn unwrapped(data: Term) -> Term {
    match data.as_cons() {
        Some((head, tail)) if tail.is_nil() && Bits::of(head).is_some() => head,
        _ => data,
    }
}

pub fn characters_to_binary_2(p: &mut Process, data: Term, encoding_term: Term) -> Result {
    let Some(encoding) = encoding(encoding_term) else {
        let mut converter = wide(encoding_term)?;
        let stop = converter.convert(p, data)?;
        return Ok(binary_result(p, converter.text, stop));
    };
    let subject = unwrapped(data);
    if let Some(bits) = Bits::of_binary(subject) {
        let bytes = bits.to_bytes();
        p.charge(bytes.len() / (8 * CHARACTERS_PER_REDUCTION));
        let unchanged = match encoding {
            Encoding::Latin1 => bytes.is_ascii(),
            Encoding::Utf8 => core::str::from_utf8(&bytes).is_ok(),
        };
        if unchanged {
            return Ok(subject);
        }
    }
    let mut converter = Converter::new(encoding);
    let stop = converter.convert(p, subject)?;
    Ok(binary_result(p, converter.text, stop))
}

fn binary_result(p: &mut Process, text: Buffer, stop: Option<Stop>) -> Term {
    p.charge(text.len() / CHARACTERS_PER_REDUCTION);
    let text = text.finish(p);
    stop.map_or(text, |stop| outcome(p, text, stop))
}

pub fn characters_to_list_2(p: &mut Process, data: Term, encoding_term: Term) -> Result {
    let Some(encoding) = encoding(encoding_term) else {
        let mut converter = wide(encoding_term)?;
        let stop = converter.convert(p, data)?;
        return Ok(list_result(p, &converter.text, stop));
    };
    if encoding == Encoding::Utf8 && Bits::of(data).is_some() {
        return binary_to_characters(p, data);
    }
    let mut converter = Converter::new(encoding);
    let stop = converter.convert(p, data)?;
    Ok(list_result(p, &converter.text, stop))
}

fn list_result(p: &mut Process, text: &Buffer, stop: Option<Stop>) -> Term {
    let characters = character_list(p, text.bytes());
    stop.map_or(characters, |stop| outcome(p, characters, stop))
}

/// What the conversion returns if it stopped early.
fn outcome(p: &mut Process, converted: Term, stop: Stop) -> Term {
    let (tag, rest) = match stop {
        Stop::Error(rest) => (id::ERROR, rest),
        Stop::Incomplete(rest) => (id::INCOMPLETE, rest),
    };
    build::tuple(p, &[Term::atom(tag), converted, rest])
}

/// The characters of valid UTF-8.
fn character_list(p: &mut Process, text: &[u8]) -> Term {
    p.charge(text.len() / CHARACTERS_PER_REDUCTION);
    let text = core::str::from_utf8(text).expect("valid UTF-8");
    let characters = text.chars().map(|character| Term::small(character as i64));
    list::forward(p, text.chars().count(), characters, Term::NIL)
}

fn binary_to_characters(p: &mut Process, data: Term) -> Result {
    let bits = Bits::of_binary(data).ok_or_else(badarg)?;
    let bytes = bits.to_bytes();
    let valid = match core::str::from_utf8(&bytes) {
        Ok(_) => return Ok(character_list(p, &bytes)),
        Err(error) => error.valid_up_to(),
    };
    let characters = character_list(p, &bytes[..valid]);
    let rest = bits::part(p, data, 8 * valid, bits.size_bits - 8 * valid);
    let stop = if utf8::may_be_continued(&bytes[valid..]) {
        Stop::Incomplete(rest)
    } else {
        Stop::Error(rest)
    };
    Ok(outcome(p, characters, stop))
}
