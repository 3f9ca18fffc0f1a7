//! Character data to UTF-8: integers and binaries nested in lists, walked without recursion.
//!
//! A character may be cut in two by the end of a binary: its bytes are kept over until the next
//! binary. Bytes that no character can start with stop the conversion; whether those that are kept
//! over at the end could have been continued decides between `incomplete` and `error`.

use super::Encoding;
use crate::heap::bits::{self, Buffer, from_bytes};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::{Bits, utf};
use crate::term::{Kind, Term, build};

/// Why a conversion ended before its input, and what is left of the input.
pub enum Stop {
    Error(Term),
    Incomplete(Term),
}

pub struct Converter {
    encoding: Encoding,
    pub text: Buffer,
    /// First bytes of a character that the last binary ended in.
    kept: [u8; 4],
    kept_size: usize,
}

/// Bytes of a character by its first; `None` if no character starts so.
fn size_by_first(first: u8) -> Option<usize> {
    match first {
        0..0x80 => Some(1),
        0xc0..0xe0 => Some(2),
        0xe0..0xf0 => Some(3),
        0xf0..0xf8 => Some(4),
        _ => None,
    }
}

/// Whether too few bytes of a character could be completed by others.
pub fn may_be_continued(bytes: &[u8]) -> bool {
    let Some(size) = bytes.first().and_then(|first| size_by_first(*first)) else {
        return false;
    };
    bytes.len() < size && bytes[1..].iter().all(|byte| byte & 0xc0 == 0x80)
}

impl Converter {
    pub fn new(encoding: Encoding) -> Converter {
        Converter { encoding, text: Buffer::with_capacity(0), kept: [0; 4], kept_size: 0 }
    }

    /// Converts all data, or up to what cannot be converted.
    pub fn convert(&mut self, p: &mut Process, data: Term) -> Result<Option<Stop>> {
        match self.walk(p, data) {
            Ok(()) if self.kept_size == 0 => Ok(None),
            Ok(()) => {
                let kept = &self.kept[..self.kept_size];
                let rest = from_bytes(p, kept);
                Ok(Some(if may_be_continued(kept) {
                    Stop::Incomplete(rest)
                } else {
                    Stop::Error(rest)
                }))
            }
            Err(mut rest) => {
                if !is_character_data(data) {
                    return Err(badarg());
                }
                if self.kept_size > 0 {
                    let kept = from_bytes(p, &self.kept[..self.kept_size]);
                    rest = build::list(p, &[kept, rest], Term::NIL);
                }
                Ok(Some(Stop::Error(rest)))
            }
        }
    }

    /// Converts in order; `Err` is the data that is left, from what cannot be converted on.
    fn walk(&mut self, p: &mut Process, data: Term) -> core::result::Result<(), Term> {
        // Tails to go on with after the list that is being walked.
        let mut pending: Vec<Term> = vec![];
        let mut rest = data;
        loop {
            let walked = loop {
                let Some((head, tail)) = rest.as_cons() else {
                    break if rest.is_nil() { Ok(()) } else { self.binary(p, rest) };
                };
                if let Some(value) = head.as_small() {
                    if !self.character(value) {
                        break Err(rest);
                    }
                } else if head.is_cons() {
                    pending.push(tail);
                    rest = head;
                    continue;
                } else if !head.is_nil()
                    && let Err(left) = self.binary(p, head)
                {
                    break Err(build::cons(p, left, tail));
                }
                rest = tail;
            };
            if let Err(left) = walked {
                return Err(pending
                    .iter()
                    .rev()
                    .fold(left, |left, tail| build::cons(p, left, *tail)));
            }
            match pending.pop() {
                Some(tail) => rest = tail,
                None => return Ok(()),
            }
        }
    }

    #[inline]
    fn character(&mut self, value: i64) -> bool {
        let limit = match self.encoding {
            Encoding::Latin1 => 0xff,
            Encoding::Utf8 => 0x10_ffff,
        };
        if self.kept_size > 0 || value > limit || !utf::is_code_point(value) {
            return false;
        }
        if value < 0x80 {
            self.text.push(value as u8);
        } else {
            self.text.push_utf8(value as u32);
        }
        true
    }

    /// Converts a binary; `Err` is the part that cannot be converted, or the term if it is none.
    fn binary(&mut self, p: &mut Process, term: Term) -> core::result::Result<(), Term> {
        let bits = Bits::of_binary(term).ok_or(term)?;
        let bytes = bits.to_bytes();
        if self.encoding == Encoding::Latin1 {
            if bytes.is_ascii() {
                self.text.extend(&bytes);
            } else {
                bytes.iter().for_each(|b| self.text.push_utf8(*b as u32));
            }
            return Ok(());
        }
        self.utf8(&bytes).map_err(|bad| {
            let size_bits = bits.size_bits - 8 * bad;
            bits::part(p, term, 8 * bad, size_bits)
        })
    }

    /// Takes bytes over; `Err` is the position of those that are no UTF-8.
    fn utf8(&mut self, bytes: &[u8]) -> core::result::Result<(), usize> {
        let mut start = 0;
        if self.kept_size > 0 {
            let size = size_by_first(self.kept[0]).expect("starts a character");
            start = size - self.kept_size;
            if bytes.len() < start {
                self.kept[self.kept_size..self.kept_size + bytes.len()].copy_from_slice(bytes);
                self.kept_size += bytes.len();
                return Ok(());
            }
            self.kept[self.kept_size..size].copy_from_slice(&bytes[..start]);
            if core::str::from_utf8(&self.kept[..size]).is_err() {
                return Err(0);
            }
            self.text.extend(&self.kept[..size]);
            self.kept_size = 0;
        }
        let bytes = &bytes[start..];
        let valid = match core::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) => error.valid_up_to(),
        };
        self.text.extend(&bytes[..valid]);
        let left = &bytes[valid..];
        match left.first().map(|first| size_by_first(*first)) {
            None => Ok(()),
            Some(Some(size)) if left.len() < size => {
                self.kept[..left.len()].copy_from_slice(left);
                self.kept_size = left.len();
                Ok(())
            }
            Some(_) => Err(start + valid),
        }
    }
}

/// Whether the term is made of integers, binaries and lists only: anything else is a bad argument
/// rather than data that cannot be converted. OTP looks no further than a big integer.
fn is_character_data(data: Term) -> bool {
    let mut pending: Vec<Term> = vec![];
    let mut rest = data;
    loop {
        while let Some((head, tail)) = rest.as_cons() {
            if head.is_cons() {
                pending.push(tail);
                rest = head;
                continue;
            }
            if head.is_kind(Kind::BigPos) || head.is_kind(Kind::BigNeg) {
                return true;
            }
            if !head.is_small() && !head.is_nil() && Bits::of_binary(head).is_none() {
                return false;
            }
            rest = tail;
        }
        if !rest.is_nil() && Bits::of_binary(rest).is_none() {
            return false;
        }
        match pending.pop() {
            Some(tail) => rest = tail,
            None => return true,
        }
    }
}
