//! Integer fields of bit strings: any size, either byte order, signed or not.
//!
//! A little-endian field whose size is no multiple of eight has its most significant bits, fewer
//! than eight, in a last part of that many bits.

use super::copy;
use crate::term::integer::MAX_WORDS;
use crate::term::{Alloc, Kind, Term, View, build};
use beamrc_abi::term as abi;

/// Flags of a field, as compiled code passes them.
pub const LITTLE: u64 = 1;
pub const SIGNED: u64 = 2;

const fn mask(bits: usize) -> u64 {
    if bits == 0 { 0 } else { u64::MAX >> (64 - bits) }
}

/// The value of a little-endian field whose bits in memory order are `field`.
#[inline]
fn from_little(field: u64, size_bits: usize) -> u64 {
    let (whole, part) = (size_bits & !7, size_bits % 8);
    if whole == 0 {
        return field;
    }
    let low = (field >> part).swap_bytes() >> (64 - whole);
    if part == 0 { low } else { low | (field & mask(part)) << whole }
}

/// The bits in memory order of a little-endian field with this value.
#[inline]
fn to_little(value: u64, size_bits: usize) -> u64 {
    let (whole, part) = (size_bits & !7, size_bits % 8);
    if whole == 0 {
        return value;
    }
    let high = value.swap_bytes() >> (64 - whole);
    if part == 0 { high } else { high << part | value >> whole & mask(part) }
}

/// The integer in the field of `size_bits` bits at bit `at`; `NONVALUE` if it is larger than integers
/// can be.
///
/// # Safety
/// The bytes that hold the field are readable.
#[inline]
pub unsafe fn get(
    heap: &mut impl Alloc,
    data: *const u8,
    at: usize,
    size_bits: usize,
    flags: u64,
) -> Term {
    if size_bits > 64 {
        // SAFETY: the caller's contract.
        return unsafe { get_large(heap, data, at, size_bits, flags) };
    }
    // SAFETY: the caller's contract.
    let mut value = unsafe { copy::load(data, at, size_bits) };
    if flags & LITTLE != 0 {
        value = from_little(value, size_bits);
    }
    if flags & SIGNED != 0 && size_bits > 0 {
        let shift = 64 - size_bits;
        return build::integer(heap, (value << shift) as i64 >> shift);
    }
    build::unsigned(heap, value)
}

/// # Safety
/// There are `size_bits` bits at `at` of `data`.
#[cold]
unsafe fn get_large(
    heap: &mut impl Alloc,
    data: *const u8,
    at: usize,
    size_bits: usize,
    flags: u64,
) -> Term {
    let count = size_bits.div_ceil(64);
    let object = heap.alloc(count + 1);
    // SAFETY: I2: `count` fresh words after the header.
    let words = unsafe {
        object.write(abi::header(Kind::BigPos, count as u64, 0));
        object.add(1).write_bytes(0, count);
        core::slice::from_raw_parts_mut(object.add(1), count)
    };
    for (i, word) in words.iter_mut().enumerate() {
        let bits = (size_bits - 64 * i).min(64);
        // SAFETY: the caller's contract: these bits are part of the field.
        *word = unsafe {
            if flags & LITTLE != 0 {
                from_little(copy::load(data, at + 64 * i, bits), bits)
            } else {
                copy::load(data, at + size_bits - 64 * i - bits, bits)
            }
        };
    }
    let top_bits = size_bits - 64 * (count - 1);
    let negative = flags & SIGNED != 0 && words[count - 1] >> (top_bits - 1) & 1 == 1;
    if negative {
        words[count - 1] |= !mask(top_bits);
        let mut carry = true;
        for word in words.iter_mut() {
            (*word, carry) = (!*word).overflowing_add(carry as u64);
        }
    }
    let used = words.iter().rposition(|w| *w != 0).map_or(0, |i| i + 1);
    if used > MAX_WORDS {
        return Term::NONVALUE;
    }
    let low = words[0];
    if used <= 1 && low <= abi::SMALL_MAX as u64 {
        return Term::small(if negative { -(low as i64) } else { low as i64 });
    }
    if used == 1 && negative && low == abi::SMALL_MIN.unsigned_abs() {
        return Term::small(abi::SMALL_MIN);
    }
    let kind = if negative { Kind::BigNeg } else { Kind::BigPos };
    // SAFETY: I2: the header of the object just built, stating the words in use.
    unsafe { object.write(abi::header(kind, used as u64, 0)) };
    Term::from_boxed(object)
}

/// Writes the low `size_bits` bits of an integer's two's complement into a field; false if `value`
/// is no integer.
///
/// # Safety
/// The field is writable as [`copy::store`] asks.
#[inline]
pub unsafe fn put(to: *mut u8, at: usize, size_bits: usize, value: Term, flags: u64) -> bool {
    if let Some(value) = value.as_small() {
        // SAFETY: the caller's contract.
        unsafe {
            if size_bits <= 64 {
                let field = if flags & LITTLE != 0 {
                    to_little(value as u64, size_bits)
                } else {
                    value as u64
                };
                copy::store(to, at, size_bits, field);
            } else {
                put_words(to, at, size_bits, flags, &[value.unsigned_abs()], value < 0);
            }
        }
        return true;
    }
    match value.view() {
        View::Big { negative, words } => {
            // SAFETY: the caller's contract.
            unsafe { put_words(to, at, size_bits, flags, words, negative) };
            true
        }
        _ => false,
    }
}

/// [`put`] of a number given as its magnitude.
///
/// # Safety
/// The field is writable as [`copy::store`] asks.
unsafe fn put_words(
    to: *mut u8,
    at: usize,
    size_bits: usize,
    flags: u64,
    magnitude: &[u64],
    negative: bool,
) {
    let mut carry = true;
    for i in 0..size_bits.div_ceil(64) {
        let mut word = magnitude.get(i).copied().unwrap_or(0);
        if negative {
            (word, carry) = (!word).overflowing_add(carry as u64);
        }
        let bits = (size_bits - 64 * i).min(64);
        // SAFETY: the caller's contract: these bits are part of the field.
        unsafe {
            if flags & LITTLE != 0 {
                copy::store(to, at + 64 * i, bits, to_little(word, bits));
            } else {
                copy::store(to, at + size_bits - 64 * i - bits, bits, word);
            }
        }
    }
}

/// The double that OTP makes of a big integer, digit by digit; `None` if it is too large for one.
pub fn to_double(negative: bool, magnitude: &[u64]) -> Option<f64> {
    let mut value = 0.0;
    for word in magnitude.iter().rev() {
        value = value * 18_446_744_073_709_551_616.0 + *word as f64;
        if !value.is_finite() {
            return None;
        }
    }
    Some(if negative { -value } else { value })
}
