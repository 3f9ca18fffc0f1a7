//! Natives of module `string`: the number that a list of characters starts with, and the rest.

use crate::process::Process;
use crate::process::exception::{Result, system_limit};
use crate::term::{Term, atom, build, float_text, integer};
use beamrc_abi::atom::id;

fn error(p: &mut Process, reason: &str) -> Result {
    let reason = atom::intern(reason).ok_or_else(system_limit)?;
    Ok(build::tuple(p, &[Term::atom(id::ERROR), Term::atom(reason)]))
}

/// What is left of the characters; taking moves them to the text.
struct Scanner {
    rest: Term,
    text: Vec<u8>,
}

impl Scanner {
    /// Takes the next character if it is one of these; `as_byte` is what the text gets.
    fn take(&mut self, set: &[u8], as_byte: impl Fn(u8) -> Option<u8>) -> bool {
        let Some((head, tail)) = self.rest.as_cons() else {
            return false;
        };
        let byte = head.as_small().and_then(|c| u8::try_from(c).ok());
        let Some(byte) = byte.filter(|byte| set.contains(byte)) else {
            return false;
        };
        self.text.extend(as_byte(byte));
        self.rest = tail;
        true
    }
    /// A sign; `+` says nothing.
    fn sign(&mut self) {
        self.take(b"+-", |sign| (sign == b'-').then_some(sign));
    }
    /// Whether there was at least one.
    fn digits(&mut self) -> bool {
        let before = self.text.len();
        while self.take(b"0123456789", Some) {}
        self.text.len() > before
    }
    /// An exponent, if a whole one follows.
    fn exponent(&mut self) {
        let (rest, length) = (self.rest, self.text.len());
        let is_one = self.take(b"eE", |_| Some(b'e')) && {
            self.sign();
            self.digits()
        };
        if !is_one {
            self.rest = rest;
            self.text.truncate(length);
        }
    }
}

fn scan(p: &mut Process, characters: Term, scan: fn(&mut Scanner) -> bool) -> Option<Scanner> {
    let mut scanner = Scanner { rest: characters, text: Vec::new() };
    let found = scan(&mut scanner);
    p.charge(scanner.text.len() / 32);
    found.then_some(scanner)
}

/// `{Float, Rest}`; a comma is as good as a point.
pub fn list_to_float_1(p: &mut Process, characters: Term) -> Result {
    if !characters.is_list() {
        return error(p, "not_a_list");
    }
    let scanned = scan(p, characters, |scanner| {
        scanner.sign();
        let is_float = scanner.digits() && scanner.take(b".,", |_| Some(b'.')) && scanner.digits();
        if is_float {
            scanner.exponent();
        }
        is_float
    });
    let float = scanned.as_ref().and_then(|scanned| float_text::parse(&scanned.text));
    match (float, scanned) {
        (Some(float), Some(scanned)) => {
            let pair = [build::float(p, float), scanned.rest];
            Ok(build::tuple(p, &pair))
        }
        _ => error(p, "no_float"),
    }
}

/// `{Integer, Rest}`.
pub fn list_to_integer_1(p: &mut Process, characters: Term) -> Result {
    if !characters.is_list() {
        return error(p, "not_a_list");
    }
    let scanned = scan(p, characters, |scanner| {
        scanner.sign();
        scanner.digits()
    });
    let Some(scanned) = scanned else {
        return error(p, "no_integer");
    };
    let integer = integer::from_text(p, &scanned.text, 10).and_then(|integer| integer.ok());
    match integer {
        Some(integer) => Ok(build::tuple(p, &[integer, scanned.rest])),
        None => error(p, "system_limit"),
    }
}
