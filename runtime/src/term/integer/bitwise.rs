//! Bitwise operators and shifts: integers as two's complement of unlimited length.

use super::{Integer, Result, TooLarge, build_in_place};
use crate::term::{Alloc, Term};

pub fn and(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    combine(heap, a, b, |x, y| x & y)
}
pub fn or(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    combine(heap, a, b, |x, y| x | y)
}
pub fn xor(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    combine(heap, a, b, |x, y| x ^ y)
}

/// The words of an integer in two's complement, without end.
struct TwosComplement<'a> {
    integer: Integer<'a>,
    at: usize,
    carry: bool,
}
impl<'a> TwosComplement<'a> {
    fn of(integer: Integer<'a>) -> TwosComplement<'a> {
        TwosComplement { integer, at: 0, carry: integer.negative }
    }
    fn next(&mut self) -> u64 {
        let word = self.integer.words.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        if !self.integer.negative {
            return word;
        }
        let (word, carry) = (!word).overflowing_add(u64::from(self.carry));
        self.carry = carry;
        word
    }
}

fn combine(
    heap: &mut (impl Alloc + ?Sized),
    a: Integer,
    b: Integer,
    operator: impl Fn(u64, u64) -> u64,
) -> Result {
    let extension = |integer: Integer| if integer.negative { u64::MAX } else { 0 };
    let negative = operator(extension(a), extension(b)) != 0;
    let count = a.words.len().max(b.words.len()) + 1;
    let (mut a, mut b) = (TwosComplement::of(a), TwosComplement::of(b));
    build_in_place(heap, negative, count, |words| {
        let mut carry = negative;
        for result in words {
            *result = operator(a.next(), b.next());
            if negative {
                (*result, carry) = (!*result).overflowing_add(u64::from(carry));
            }
        }
    })
}

/// `bnot`: `-a - 1`.
pub fn not(heap: &mut (impl Alloc + ?Sized), a: Integer) -> Result {
    let mut word = 0;
    let minus_one = Integer::of_word(-1, &mut word);
    super::subtract(heap, minus_one, a)
}

/// `a bsl bits`.
pub fn shift_left(heap: &mut (impl Alloc + ?Sized), a: Integer, bits: u64) -> Result {
    if a.is_zero() {
        return Ok(Term::small(0));
    }
    if bits / 64 > super::MAX_WORDS as u64 {
        return Err(TooLarge);
    }
    let (skip, bits) = ((bits / 64) as usize, bits % 64);
    build_in_place(heap, a.negative, a.words.len() + skip + 1, |words| {
        let mut low = 0;
        for (result, &word) in words[skip..].iter_mut().zip(a.words) {
            *result = word << bits | low;
            low = if bits > 0 { word >> (64 - bits) } else { 0 };
        }
        words[skip + a.words.len()] = low;
    })
}

/// `a bsr bits`: towards negative infinity.
pub fn shift_right(heap: &mut (impl Alloc + ?Sized), a: Integer, bits: u64) -> Result {
    let skip = usize::try_from(bits / 64).unwrap_or(usize::MAX);
    if skip >= a.words.len() {
        return Ok(Term::small(if a.negative { -1 } else { 0 }));
    }
    let bits = bits % 64;
    let kept = &a.words[skip..];
    let lost = a.words[..skip].iter().any(|w| *w != 0) || kept[0] & ((1 << bits) - 1) != 0;
    build_in_place(heap, a.negative, kept.len() + 1, |words| {
        for (i, result) in words[..kept.len()].iter_mut().enumerate() {
            let high = kept.get(i + 1).copied().unwrap_or(0);
            *result = kept[i] >> bits;
            if bits > 0 {
                *result |= high << (64 - bits);
            }
        }
        let mut carry = a.negative && lost;
        for result in words {
            (*result, carry) = result.overflowing_add(u64::from(carry));
        }
    })
}
