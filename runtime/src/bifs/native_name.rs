//! Names that the operating system gives and takes (files, environment): bytes outside, lists of
//! characters inside, in the encoding of the locale.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::sys::locale;
use crate::term::{Term, atom, list};
use beamrc_abi::atom::id;

/// The encoding by its Erlang name.
pub fn encoding() -> Term {
    Term::atom(if locale::is_utf8() { id::UTF8 } else { id::LATIN1 })
}

/// The bytes of an atom, or of a list of characters and such lists; no character may be 0.
pub fn encode(name: Term) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(atom) = name.as_atom() {
        for character in atom::text(atom).chars() {
            encode_character(character, &mut bytes)?;
        }
        return Ok(bytes);
    }
    if !name.is_list() {
        return Err(badarg());
    }
    let mut rest = vec![name];
    while let Some(part) = rest.pop() {
        if let Some((head, tail)) = part.as_cons() {
            if !tail.is_list() {
                return Err(badarg());
            }
            rest.push(tail);
            rest.push(head);
        } else if let Some(code_point) = part.as_small() {
            let code_point = u32::try_from(code_point).ok();
            let character = code_point.and_then(char::from_u32).ok_or_else(badarg)?;
            encode_character(character, &mut bytes)?;
        } else if !part.is_nil() {
            return Err(badarg());
        }
    }
    Ok(bytes)
}
fn encode_character(character: char, bytes: &mut Vec<u8>) -> Result<()> {
    if character == '\0' {
        return Err(badarg());
    }
    if locale::is_utf8() {
        let mut buffer = [0; 4];
        bytes.extend(character.encode_utf8(&mut buffer).as_bytes());
    } else {
        bytes.push(u8::try_from(u32::from(character)).map_err(|_| badarg())?);
    }
    Ok(())
}

/// The characters of a name; bytes that are not in the encoding stand for themselves.
pub fn decode(p: &mut Process, bytes: &[u8]) -> Term {
    let small = |number: u32| Term::small(i64::from(number));
    match core::str::from_utf8(bytes) {
        Ok(text) if locale::is_utf8() => {
            let characters = text.chars().map(|c| small(u32::from(c)));
            list::forward(p, text.chars().count(), characters, Term::NIL)
        }
        _ => {
            let characters = bytes.iter().map(|b| small(u32::from(*b)));
            list::forward(p, bytes.len(), characters, Term::NIL)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::build;

    #[test]
    fn names_are_lists_of_characters_and_lists() {
        let p = &mut *Process::for_tests();
        let a = Term::small(i64::from(b'a'));
        let inner = build::list(p, &[a, a], Term::NIL);
        let name = build::list(p, &[inner, a], Term::NIL);
        assert!(encode(name).ok() == Some(b"aaa".to_vec()));
        assert!(encode(Term::NIL).ok() == Some(Vec::new()));
        let improper = build::cons(p, a, a);
        let zero = build::cons(p, Term::small(0), Term::NIL);
        let negative = build::cons(p, Term::small(-1), Term::NIL);
        let nested = build::cons(p, Term::NIL, a);
        let nested = build::list(p, &[nested, inner], Term::NIL);
        for bad in [a, improper, zero, negative, nested] {
            assert!(encode(bad).is_err());
        }
        let back = decode(p, b"ab");
        assert!(back.list().eq([a, Term::small(i64::from(b'b'))]));
    }
}
