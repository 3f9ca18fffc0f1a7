//! Integers as text in any base from 2 to 36.

use super::{Integer, MAX_WORDS, Result, TooLarge, from_words};
use crate::term::{Alloc, Term, build};
use dashu_int::UBig;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Appends the digits to `text`, letters in upper case.
pub fn to_text(integer: Integer, base: u32, text: &mut Vec<u8>) {
    if integer.negative {
        text.push(b'-');
    }
    match integer.words {
        [] => text.push(b'0'),
        [word] => text.extend_from_slice(word_text(*word, base, &mut [0; 64])),
        _ => {
            use std::io::Write;
            let digits = integer.magnitude();
            // The alternate form writes letters in upper case, and no prefix.
            let written = match base {
                10 => write!(text, "{digits}"),
                _ => write!(text, "{:#}", digits.in_radix(base)),
            };
            written.expect("writing to memory");
        }
    }
}

/// The digits of one word, at the end of `buffer`.
pub fn word_text(mut word: u64, base: u32, buffer: &mut [u8; 64]) -> &[u8] {
    let mut start = buffer.len();
    let mut next = |digit: u64| {
        start -= 1;
        buffer[start] = DIGITS[digit as usize];
    };
    if base == 10 {
        // A constant base makes the division a multiplication.
        while word >= 10 {
            next(word % 10);
            word /= 10;
        }
    } else {
        while word >= u64::from(base) {
            next(word % u64::from(base));
            word /= u64::from(base);
        }
    }
    next(word);
    &buffer[start..]
}

/// The integer that a text stands for: a sign or none, then at least one digit and nothing else.
/// Nothing if it is no integer's text.
pub fn from_text(heap: &mut (impl Alloc + ?Sized), text: &[u8], base: u32) -> Option<Result> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    // What fits a word in any case.
    if digits.len() <= 12 || (digits.len() <= 18 && base <= 10) {
        let mut value = 0i64;
        for &digit in digits {
            value = value * i64::from(base) + i64::from(digit_value(digit, base)?);
        }
        return Some(Ok(build::integer(heap, if negative { -value } else { value })));
    }
    if !digits.iter().all(|d| digit_value(*d, base).is_some()) {
        return None;
    }
    let zeros = digits.iter().take_while(|d| **d == b'0').count();
    let digits = &digits[zeros..];
    if digits.is_empty() {
        return Some(Ok(Term::small(0)));
    }
    if digits.len() > 64 * MAX_WORDS {
        return Some(Err(TooLarge));
    }
    let digits = core::str::from_utf8(digits).expect("digits are ASCII");
    let value = UBig::from_str_radix(digits, base).expect("digits of this base");
    Some(from_words(heap, negative, value.as_words()))
}

pub fn digit_value(digit: u8, base: u32) -> Option<u32> {
    char::from(digit).to_digit(base)
}
