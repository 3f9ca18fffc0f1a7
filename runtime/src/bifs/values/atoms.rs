//! Atoms and their texts.

use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, system_limit};
use crate::term::Term;
use crate::term::atom::{self, MAX_CHARACTERS};
use crate::term::bits::Bits;
use beamrc_abi::atom::id;
use std::borrow::Cow;

/// The text of an atom.
fn text(atom: Term) -> Result<&'static str> {
    atom.as_atom().map(atom::text).ok_or_else(badarg)
}
/// A new atom, if need be. Two things can be the matter with a text: its length, and a full table.
fn intern(text: &str) -> Result {
    atom::intern(text).map(Term::atom).ok_or_else(system_limit)
}
fn existing(text: &str) -> Result {
    atom::existing(text).map(Term::atom).ok_or_else(badarg)
}

pub fn atom_to_list_1(p: &mut Process, atom: Term) -> Result {
    Ok(super::string(p, text(atom)?))
}

/// The text that a list of code points spells. `too_long` is what more characters than an atom can
/// have fail with: they are not looked at.
fn spelled(characters: Term, too_long: fn() -> Exception) -> Result<String> {
    let mut text = String::new();
    let mut rest = characters.list();
    for (count, character) in rest.by_ref().enumerate() {
        if count == MAX_CHARACTERS {
            return Err(too_long());
        }
        let code_point = character.as_small().and_then(|c| u32::try_from(c).ok());
        text.push(code_point.and_then(char::from_u32).ok_or_else(badarg)?);
    }
    if rest.tail().is_nil() { Ok(text) } else { Err(badarg()) }
}
pub fn list_to_atom_1(_p: &mut Process, characters: Term) -> Result {
    intern(&spelled(characters, system_limit)?)
}
pub fn list_to_existing_atom_1(_p: &mut Process, characters: Term) -> Result {
    existing(&spelled(characters, badarg)?)
}

/// How a binary encodes a text.
enum Encoding {
    Latin1,
    Utf8,
}
fn encoding(name: Term) -> Result<Encoding> {
    match name.as_atom() {
        Some(id::LATIN1) => Ok(Encoding::Latin1),
        Some(id::UTF8 | id::UNICODE) => Ok(Encoding::Utf8),
        _ => Err(badarg()),
    }
}

const UTF8: Term = Term::atom(id::UTF8);

pub fn atom_to_binary_1(p: &mut Process, atom: Term) -> Result {
    atom_to_binary_2(p, atom, UTF8)
}
pub fn atom_to_binary_2(p: &mut Process, atom: Term, encoding_name: Term) -> Result {
    let text = text(atom)?;
    match encoding(encoding_name)? {
        Encoding::Utf8 => Ok(super::new_binary(p, text.as_bytes())),
        Encoding::Latin1 => {
            let bytes: core::result::Result<Vec<u8>, _> =
                text.chars().map(|c| u8::try_from(u32::from(c))).collect();
            Ok(super::new_binary(p, &bytes.map_err(|_| badarg())?))
        }
    }
}

/// The text in a binary, if it is one. `too_long` is as for [`spelled`].
fn encoded(bytes: &[u8], encoding: Encoding, too_long: fn() -> Exception) -> Result<Cow<'_, str>> {
    match encoding {
        Encoding::Utf8 => match core::str::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                Err(if valid.chars().count() > MAX_CHARACTERS { too_long() } else { badarg() })
            }
        },
        Encoding::Latin1 => Ok(bytes.iter().map(|b| char::from(*b)).collect::<String>().into()),
    }
}
fn whole_bytes(binary: Term) -> Result<Bits> {
    Bits::of_binary(binary).ok_or_else(badarg)
}
pub fn binary_to_atom_1(p: &mut Process, binary: Term) -> Result {
    binary_to_atom_2(p, binary, UTF8)
}
pub fn binary_to_atom_2(_p: &mut Process, binary: Term, encoding_name: Term) -> Result {
    let bytes = whole_bytes(binary)?;
    intern(&encoded(&bytes.to_bytes(), encoding(encoding_name)?, system_limit)?)
}
pub fn binary_to_existing_atom_1(p: &mut Process, binary: Term) -> Result {
    binary_to_existing_atom_2(p, binary, UTF8)
}
pub fn binary_to_existing_atom_2(_p: &mut Process, binary: Term, encoding_name: Term) -> Result {
    let bytes = whole_bytes(binary)?;
    existing(&encoded(&bytes.to_bytes(), encoding(encoding_name)?, badarg)?)
}
