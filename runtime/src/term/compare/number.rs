//! Order of numbers: exact, integers and floats mixed.

use crate::term::View;
use core::cmp::Ordering;

/// `exact`: integers stand before floats, and `-0.0` before `0.0`.
pub(super) fn order(a: &View, b: &View, exact: bool) -> Ordering {
    match (a, b) {
        (View::Small(a), View::Small(b)) => a.cmp(b),
        (View::Float(a), View::Float(b)) if exact => a.total_cmp(b),
        (View::Float(a), View::Float(b)) => a.partial_cmp(b).expect("no float is not a number"),
        (View::Float(_), _) if exact => Ordering::Greater,
        (_, View::Float(_)) if exact => Ordering::Less,
        (View::Float(float), View::Small(small)) => small_to_float(*small, *float).reverse(),
        (View::Small(small), View::Float(float)) => small_to_float(*small, *float),
        (View::Float(float), View::Big { negative, words }) => {
            big_to_float(*negative, words, *float).reverse()
        }
        (View::Big { negative, words }, View::Float(float)) => {
            big_to_float(*negative, words, *float)
        }
        (View::Big { negative, words }, View::Big { negative: negative_b, words: words_b }) => {
            match (negative, negative_b) {
                (false, false) => magnitudes(words, words_b),
                (true, true) => magnitudes(words_b, words),
                (false, true) => Ordering::Greater,
                (true, false) => Ordering::Less,
            }
        }
        // A bignum is beyond any small.
        (View::Big { negative, .. }, _) => sign(*negative),
        (_, View::Big { negative, .. }) => sign(*negative).reverse(),
        _ => unreachable!("callers know the sort"),
    }
}

/// Order of a large number of this sign to one closer to zero.
fn sign(negative: bool) -> Ordering {
    if negative { Ordering::Less } else { Ordering::Greater }
}

/// Order of two magnitudes without leading zeros, least significant word first.
pub fn magnitudes(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn small_to_float(small: i64, float: f64) -> Ordering {
    const BEYOND: f64 = (1u64 << 62) as f64;
    if float >= BEYOND {
        Ordering::Less
    } else if float <= -BEYOND {
        Ordering::Greater
    } else {
        let whole = float.trunc();
        let fraction = float - whole;
        small.cmp(&(whole as i64)).then_with(|| 0.0.partial_cmp(&fraction).expect("a number"))
    }
}

fn big_to_float(negative: bool, words: &[u64], float: f64) -> Ordering {
    if negative != (float < 0.0) {
        return sign(negative);
    }
    let order = magnitude_to_float(words, float.abs());
    if negative { order.reverse() } else { order }
}

/// A float of more than 2^60 has no fraction that could matter against a bignum.
fn magnitude_to_float(words: &[u64], float: f64) -> Ordering {
    let top = *words.last().expect("bignums have words");
    let bits = 64 * words.len() as i64 - i64::from(top.leading_zeros());
    let exponent = i64::from((float.to_bits() >> 52 & 0x7ff) as u32) - 1023;
    if exponent < 0 || bits != exponent + 1 {
        return bits.cmp(&(exponent + 1));
    }
    // Same number of bits: compare the 53 bits of the mantissa, then look for lower ones.
    let mantissa = (float.to_bits() & ((1 << 52) - 1)) | 1 << 52;
    let lower_bits = (bits - 53) as usize;
    let (word, shift) = (lower_bits / 64, lower_bits % 64);
    let mut high = words[word] >> shift;
    if shift > 0 && word + 1 < words.len() {
        high |= words[word + 1] << (64 - shift);
    }
    let lower = words[..word].iter().any(|w| *w != 0) || words[word] & ((1 << shift) - 1) != 0;
    high.cmp(&mantissa).then(lower.cmp(&false))
}
