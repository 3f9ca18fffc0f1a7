//! Character data whose binaries are UTF-16 or UTF-32, to UTF-8.
//!
//! OTP does this in Erlang (`unicode:characters_to_binary_int/2`), and what cannot be converted
//! comes back in the shape that those functions leave it in: an offending integer in a list of its
//! own, large binaries cut in pieces, a cut character joined with the bytes that complete it.

use super::utf8::Stop;
use crate::heap::bits::{self, Buffer, from_bytes};
use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::term::bits::Bits;
use crate::term::bits::integer::LITTLE;
use crate::term::bits::utf::{self, Decoded};
use crate::term::{Term, build};

/// Bytes of a binary that OTP converts at a time.
const PIECE_BYTES: usize = 8192;

#[derive(Clone, Copy)]
pub enum Width {
    Utf16,
    Utf32,
}

/// First bytes of a character, and how many are missing.
struct Cut {
    bytes: Vec<u8>,
    missing: usize,
}

pub struct Converter {
    width: Width,
    flags: u64,
    pub text: Buffer,
    cut: Option<Cut>,
}

/// How far a binary could be converted.
enum Ended {
    Whole,
    /// Bytes that are no character start here.
    Wrong(usize),
}

impl Converter {
    pub fn new(width: Width, little: bool) -> Converter {
        Converter {
            width,
            flags: if little { LITTLE } else { 0 },
            text: Buffer::with_capacity(0),
            cut: None,
        }
    }

    pub fn convert(&mut self, p: &mut Process, data: Term) -> Result<Option<Stop>> {
        if let Err(rest) = self.walk(p, data)? {
            return Ok(Some(Stop::Error(rest)));
        }
        let cut = self.cut.take();
        Ok(cut.map(|cut| Stop::Incomplete(from_bytes(p, &cut.bytes))))
    }

    /// Converts in order; the inner error is what is left, from what cannot be converted on.
    fn walk(&mut self, p: &mut Process, data: Term) -> Result<core::result::Result<(), Term>> {
        let mut pending: Vec<Term> = vec![];
        let mut rest = data;
        loop {
            let left = loop {
                let Some((head, tail)) = rest.as_cons() else {
                    if rest.is_nil() {
                        break None;
                    }
                    match self.last(p, rest)? {
                        Last::Done => break None,
                        Last::Left(left) => break Some(left),
                        Last::List(list) => rest = list,
                    }
                    continue;
                };
                if head.is_list() {
                    if head.is_cons() {
                        pending.push(tail);
                        rest = head;
                    } else {
                        rest = tail;
                    }
                } else if head.is_small() || is_big(head) {
                    if self.cut.is_some() {
                        let cut = self.cut.take().expect("just seen");
                        let cut = from_bytes(p, &cut.bytes);
                        break Some(build::cons(p, cut, rest));
                    }
                    if !self.character(head) {
                        let wrong = build::cons(p, head, Term::NIL);
                        break Some(build::cons(p, wrong, tail));
                    }
                    rest = tail;
                } else {
                    match self.element(p, head, tail)? {
                        Ok(tail) => rest = tail,
                        Err(left) => break Some(left),
                    }
                }
            };
            if let Some(left) = left {
                return Ok(Err(pending
                    .iter()
                    .rev()
                    .fold(left, |left, tail| build::cons(p, left, *tail))));
            }
            match pending.pop() {
                Some(tail) => rest = tail,
                None => return Ok(Ok(())),
            }
        }
    }

    fn character(&mut self, term: Term) -> bool {
        match term.as_small() {
            Some(value) if utf::is_code_point(value) => {
                self.text.push_utf8(value as u32);
                true
            }
            _ => false,
        }
    }

    /// Converts a binary within a list: what to go on with, or what is left.
    fn element(
        &mut self,
        p: &mut Process,
        binary: Term,
        tail: Term,
    ) -> Result<core::result::Result<Term, Term>> {
        let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
        let size = bits.size_bytes();
        if let Some(cut) = &mut self.cut {
            if size < cut.missing {
                cut.bytes.extend_from_slice(&bits.to_bytes());
                cut.missing -= size;
                return Ok(Ok(tail));
            }
            let missing = cut.missing;
            cut.bytes.extend_from_slice(&bits.part(0, 8 * missing).to_bytes());
            let cut = self.cut.take().expect("just seen");
            let joined = from_bytes(p, &cut.bytes);
            let trailing = bits::part(p, binary, 8 * missing, 8 * (size - missing));
            let tail = build::cons(p, trailing, tail);
            return Ok(Ok(build::cons(p, joined, tail)));
        }
        if size > PIECE_BYTES {
            let first = bits::part(p, binary, 0, 8 * PIECE_BYTES);
            let second = bits::part(p, binary, 8 * PIECE_BYTES, 8 * (size - PIECE_BYTES));
            let tail = build::cons(p, second, tail);
            return Ok(Ok(build::cons(p, first, tail)));
        }
        Ok(match self.binary(&bits.to_bytes()) {
            Ended::Whole => Ok(tail),
            Ended::Wrong(at) => {
                let left = bits::part(p, binary, 8 * at, 8 * (size - at));
                Err(build::cons(p, left, tail))
            }
        })
    }

    /// Converts a binary that stands alone or ends a list.
    fn last(&mut self, p: &mut Process, binary: Term) -> Result<Last> {
        let bits = Bits::of_binary(binary).ok_or_else(badarg)?;
        let size = bits.size_bytes();
        if self.cut.is_some() || size > PIECE_BYTES {
            return Ok(Last::List(build::cons(p, binary, Term::NIL)));
        }
        Ok(match self.binary(&bits.to_bytes()) {
            Ended::Whole => Last::Done,
            Ended::Wrong(at) => Last::Left(bits::part(p, binary, 8 * at, 8 * (size - at))),
        })
    }

    /// Converts bytes; a character that they end in is kept as cut.
    fn binary(&mut self, bytes: &[u8]) -> Ended {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let decoded = match self.width {
                Width::Utf16 => utf::decode_utf16(rest, self.flags),
                Width::Utf32 => utf::decode_utf32(rest, self.flags),
            };
            match decoded {
                Decoded::Point(point, size) => {
                    self.text.push_utf8(point);
                    at += size;
                }
                _ => {
                    let Some(missing) = self.missing(rest) else {
                        return Ended::Wrong(at);
                    };
                    self.cut = Some(Cut { bytes: rest.to_vec(), missing });
                    return Ended::Whole;
                }
            }
        }
        Ended::Whole
    }

    /// How many bytes must follow these for a character to be complete, as far as they tell;
    /// `None` if none can.
    fn missing(&self, bytes: &[u8]) -> Option<usize> {
        let little = self.flags & LITTLE != 0;
        let is_high = |byte: u8| byte >> 2 == 54;
        let is_plane =
            |plane: u8, next: u8| plane <= 16 && (plane > 0 || next <= 215 || next >= 224);
        match (self.width, little, bytes) {
            (Width::Utf16, false, &[a]) if a <= 215 || a >= 224 => Some(1),
            (Width::Utf16, false, &[a]) if is_high(a) => Some(3),
            (Width::Utf16, false, &[a, _]) if is_high(a) => Some(2),
            (Width::Utf16, false, &[a, _, b]) if is_high(a) && b >> 2 == 55 => Some(1),
            (Width::Utf16, true, &[_]) => Some(1),
            (Width::Utf16, true, &[_, b]) if is_high(b) => Some(2),
            (Width::Utf16, true, &[_, b, _]) if is_high(b) => Some(1),
            (Width::Utf32, false, &[0]) => Some(3),
            (Width::Utf32, false, &[0, plane]) if plane <= 16 => Some(2),
            (Width::Utf32, false, &[0, plane, next]) if is_plane(plane, next) => Some(1),
            (Width::Utf32, true, &[_]) => Some(3),
            (Width::Utf32, true, &[_, _]) => Some(2),
            (Width::Utf32, true, &[254 | 255, 255, 0]) => None,
            (Width::Utf32, true, &[_, next, plane]) if is_plane(plane, next) => Some(1),
            _ => None,
        }
    }
}

/// What became of the binary at the end of a list.
enum Last {
    Done,
    Left(Term),
    /// It goes on as an element of this list.
    List(Term),
}

fn is_big(term: Term) -> bool {
    use crate::term::Kind;
    term.is_kind(Kind::BigPos) || term.is_kind(Kind::BigNeg)
}
