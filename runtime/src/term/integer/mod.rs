//! Integers of any size, on heap words: sign and magnitude, least significant word first.
//!
//! Results are written straight to the heap they are for; what the algorithms of `dashu-int` do
//! better (large products, quotients, texts) goes through it. Every result is normal: no leading
//! zero word, and a small wherever it fits one.

mod arith;
mod bitwise;
mod division;
mod text;

pub use arith::{add, divide, multiply, negate, remainder, subtract};
pub use bitwise::{and, not, or, shift_left, shift_right, xor};
pub use text::{digit_value, from_text, to_text, word_text};

use super::{Alloc, Kind, Term, build};
use beamrc_abi::term as abi;
use dashu_int::UBig;

/// Words of the largest integer, as in OTP; beyond it is `system_limit`.
pub const MAX_WORDS: usize = (1 << 16) - 1;

/// The result would have more than [`MAX_WORDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

pub type Result = core::result::Result<Term, TooLarge>;

/// An integer's sign and magnitude (no words for zero).
#[derive(Clone, Copy)]
pub struct Integer<'a> {
    pub negative: bool,
    pub words: &'a [u64],
}

impl<'a> Integer<'a> {
    /// Of a small or a bignum; `word` is where a small's magnitude stands.
    #[inline]
    pub fn of(term: Term, word: &'a mut u64) -> Option<Integer<'a>> {
        if let Some(value) = term.as_small() {
            return Some(Integer::of_word(value, word));
        }
        let kind = term.kind()?;
        if kind != Kind::BigPos && kind != Kind::BigNeg {
            return None;
        }
        // SAFETY: I1 and I5: a bignum's words, which stay in place.
        let words = unsafe {
            let words = term.words();
            core::slice::from_raw_parts(words.as_ptr(), words.len())
        };
        Some(Integer { negative: kind == Kind::BigNeg, words })
    }
    pub fn of_word(value: i64, word: &'a mut u64) -> Integer<'a> {
        *word = value.unsigned_abs();
        Integer {
            negative: value < 0,
            words: &core::slice::from_ref(word)[..usize::from(value != 0)],
        }
    }
    pub fn is_zero(&self) -> bool {
        self.words.is_empty()
    }
    pub fn bit_length(&self) -> usize {
        match self.words.last() {
            Some(top) => 64 * self.words.len() - top.leading_zeros() as usize,
            None => 0,
        }
    }
    fn negated(self) -> Integer<'a> {
        Integer { negative: !self.negative, ..self }
    }
    /// OTP's conversion: digit by digit from the top, which rounds more than once. Nothing if it
    /// is beyond the floats.
    pub fn to_float(&self) -> Option<f64> {
        const BASE: f64 = 18_446_744_073_709_551_616.0;
        let mut float = 0.0;
        for &word in self.words.iter().rev() {
            float = float * BASE + word as f64;
            if float == f64::INFINITY {
                return None;
            }
        }
        Some(if self.negative { -float } else { float })
    }
    fn magnitude(&self) -> UBig {
        UBig::from_words(self.words)
    }
}

/// Integer on a heap from a magnitude that may have leading zeros.
pub fn from_words(heap: &mut (impl Alloc + ?Sized), negative: bool, words: &[u64]) -> Result {
    let used = words.iter().rposition(|w| *w != 0).map_or(0, |at| at + 1);
    match words[..used] {
        [] => Ok(Term::small(0)),
        [word] => Ok(from_word(heap, negative, word)),
        _ if used > MAX_WORDS => Err(TooLarge),
        _ => Ok(build::object(heap, kind(negative), 0, &words[..used])),
    }
}
fn from_word(heap: &mut (impl Alloc + ?Sized), negative: bool, word: u64) -> Term {
    if word <= abi::SMALL_MAX as u64 + u64::from(negative) {
        let value = word as i64;
        Term::small(if negative { -value } else { value })
    } else {
        build::object(heap, kind(negative), 0, &[word])
    }
}
fn from_double_word(heap: &mut (impl Alloc + ?Sized), negative: bool, value: u128) -> Term {
    let words = [value as u64, (value >> 64) as u64];
    from_words(heap, negative, &words).expect("two words are not too many")
}
fn kind(negative: bool) -> Kind {
    if negative { Kind::BigNeg } else { Kind::BigPos }
}

/// Lets `fill` write a magnitude of at most `count` words, many of them to the heap itself. Words that turn out to be
/// leading zeros stay behind as zeros: a hole that the next collection drops.
fn build_in_place(
    heap: &mut (impl Alloc + ?Sized),
    negative: bool,
    count: usize,
    fill: impl FnOnce(&mut [u64]),
) -> Result {
    const FEW: usize = 8;
    if count <= FEW {
        let mut words = [0; FEW];
        fill(&mut words[..count]);
        return from_words(heap, negative, &words[..count]);
    }
    if count > MAX_WORDS + 1 {
        return Err(TooLarge);
    }
    let object = heap.alloc(count + 1);
    // SAFETY: I2: count + 1 fresh words, made defined before they are lent out.
    let words = unsafe {
        object.write_bytes(0, count + 1);
        core::slice::from_raw_parts_mut(object.add(1), count)
    };
    fill(words);
    let used = words.iter().rposition(|w| *w != 0).map_or(0, |at| at + 1);
    match words[..used] {
        [] => Ok(Term::small(0)),
        [word] if word <= abi::SMALL_MAX as u64 + u64::from(negative) => {
            words[0] = 0;
            Ok(from_word(heap, negative, word))
        }
        _ if used > MAX_WORDS => Err(TooLarge),
        _ => {
            // SAFETY: I2: the header of the words just filled.
            unsafe { *object = abi::header(kind(negative), used as u64, 0) };
            Ok(Term::from_boxed(object))
        }
    }
}

/// The integer that a float without fraction stands for.
pub fn from_float(heap: &mut (impl Alloc + ?Sized), float: f64) -> Term {
    const FITS: f64 = (1u64 << 63) as f64;
    if -FITS < float && float < FITS {
        return build::integer(heap, float as i64);
    }
    let bits = float.to_bits();
    let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
    let shift = (bits >> 52 & 0x7ff) as usize - 1075;
    let (word, shift) = (shift / 64, shift % 64);
    let mut words = [0; 17];
    words[word] = mantissa << shift;
    if shift > 11 {
        words[word + 1] = mantissa >> (64 - shift);
    }
    from_words(heap, float < 0.0, &words).expect("floats have few words")
}

#[cfg(test)]
mod tests;
