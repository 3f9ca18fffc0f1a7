//! Operators on integers and floats. Compiled code does the common cases of smalls in line, so what
//! comes here has a bignum, a float, an overflow or no number in it, or was called by name.

use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg, badarith, system_limit};
use crate::program::program;
use crate::term::integer::{self, Integer};
use crate::term::{Term, build};

enum Number<'a> {
    Integer(Integer<'a>),
    Float(f64),
}

impl Number<'_> {
    fn of(term: Term, word: &mut u64) -> Option<Number<'_>> {
        match term.as_float() {
            Some(float) => Some(Number::Float(float)),
            None => Integer::of(term, word).map(Number::Integer),
        }
    }
    fn to_float(&self) -> Option<f64> {
        match self {
            Number::Integer(integer) => integer.to_float(),
            Number::Float(float) => Some(*float),
        }
    }
}

/// A number as a float; nothing if it is none or too large.
pub fn float_of(term: Term) -> Option<f64> {
    Number::of(term, &mut 0)?.to_float()
}

fn large(result: integer::Result) -> Result {
    result.map_err(|_| system_limit())
}
fn finite(p: &mut Process, float: f64) -> Result {
    if float.is_finite() { Ok(build::float(p, float)) } else { Err(badarith()) }
}

type OnIntegers = fn(&mut Process, Integer, Integer) -> integer::Result;

fn on_numbers(
    p: &mut Process,
    a: Term,
    b: Term,
    integers: OnIntegers,
    floats: fn(f64, f64) -> f64,
) -> Result {
    if let (Some(a), Some(b)) = (a.as_float(), b.as_float()) {
        return finite(p, floats(a, b));
    }
    let (mut word_a, mut word_b) = (0, 0);
    let a = Number::of(a, &mut word_a).ok_or_else(badarith)?;
    let b = Number::of(b, &mut word_b).ok_or_else(badarith)?;
    if let (Number::Integer(a), Number::Integer(b)) = (&a, &b) {
        return large(integers(p, *a, *b));
    }
    let a = a.to_float().ok_or_else(badarith)?;
    let b = b.to_float().ok_or_else(badarith)?;
    finite(p, floats(a, b))
}

fn on_integers(p: &mut Process, a: Term, b: Term, integers: OnIntegers) -> Result {
    let (mut word_a, mut word_b) = (0, 0);
    let a = Integer::of(a, &mut word_a).ok_or_else(badarith)?;
    let b = Integer::of(b, &mut word_b).ok_or_else(badarith)?;
    large(integers(p, a, b))
}

/// Two smalls.
#[inline]
fn smalls(a: Term, b: Term) -> Option<(i64, i64)> {
    Some((a.as_small()?, b.as_small()?))
}

pub fn plus_1(p: &mut Process, a: Term) -> Result {
    plus_2(p, a, Term::small(0)).map(|_| a)
}
pub fn minus_1(p: &mut Process, a: Term) -> Result {
    match a.as_float() {
        Some(float) => Ok(build::float(p, -float)),
        None => minus_2(p, Term::small(0), a),
    }
}
pub fn plus_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        // The sum of two 61-bit numbers has at most 62.
        Some((a, b)) => Ok(build::integer(p, a + b)),
        None => on_numbers(p, a, b, integer::add, |a, b| a + b),
    }
}
pub fn minus_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        Some((a, b)) => Ok(build::integer(p, a - b)),
        None => on_numbers(p, a, b, integer::subtract, |a, b| a - b),
    }
}
pub fn times_2(p: &mut Process, a: Term, b: Term) -> Result {
    if let Some((a, b)) = smalls(a, b)
        && let Some(product) = a.checked_mul(b)
    {
        return Ok(build::integer(p, product));
    }
    on_numbers(p, a, b, multiply, |a, b| a * b)
}
fn multiply(p: &mut Process, a: Integer, b: Integer) -> integer::Result {
    charge_product(p, a.words.len(), b.words.len());
    integer::multiply(p, a, b)
}
/// A word of product takes about a nanosecond, fewer where long factors are split.
fn charge_product(p: &mut Process, a: usize, b: usize) {
    let (long, short) = (a.max(b), a.min(b));
    let short = if short <= 32 { short } else { short.min(32 + short.isqrt()) };
    p.charge(long * short / 128);
}

pub fn divide_2(p: &mut Process, a: Term, b: Term) -> Result {
    let a = float_of(a).ok_or_else(badarith)?;
    let b = float_of(b).ok_or_else(badarith)?;
    finite(p, a / b)
}
pub fn div_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        Some((_, 0)) => Err(badarith()),
        // The least small divided by -1 is no small, but fits a word.
        Some((a, b)) => Ok(build::integer(p, a / b)),
        None if b == Term::small(0) => Err(badarith()),
        None => on_integers(p, a, b, |p, a, b| {
            charge_product(p, a.words.len(), b.words.len());
            integer::divide(p, a, b)
        }),
    }
}
pub fn rem_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        Some((_, 0)) => Err(badarith()),
        Some((a, b)) => Ok(Term::small(a % b)),
        None if b == Term::small(0) => Err(badarith()),
        None => on_integers(p, a, b, |p, a, b| {
            charge_product(p, a.words.len(), b.words.len());
            integer::remainder(p, a, b)
        }),
    }
}

pub fn band_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        Some((a, b)) => Ok(Term::small(a & b)),
        None => match (low_bits(a, b), low_bits(b, a)) {
            (Some(bits), _) | (_, Some(bits)) => Ok(Term::small(bits)),
            _ => on_integers(p, a, b, integer::and),
        },
    }
}
/// `band` of a bignum and a small that is not negative.
fn low_bits(a: Term, b: Term) -> Option<i64> {
    let mask = b.as_small().filter(|mask| *mask >= 0)?;
    let mut word = 0;
    let a = Integer::of(a, &mut word)?;
    let low = *a.words.first()? as i64;
    Some(mask & if a.negative { low.wrapping_neg() } else { low })
}
pub fn bor_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        Some((a, b)) => Ok(Term::small(a | b)),
        None => on_integers(p, a, b, integer::or),
    }
}
pub fn bxor_2(p: &mut Process, a: Term, b: Term) -> Result {
    match smalls(a, b) {
        Some((a, b)) => Ok(Term::small(a ^ b)),
        None => on_integers(p, a, b, integer::xor),
    }
}
pub fn bnot_1(p: &mut Process, a: Term) -> Result {
    match a.as_small() {
        Some(a) => Ok(Term::small(!a)),
        None => {
            let mut word = 0;
            let a = Integer::of(a, &mut word).ok_or_else(badarith)?;
            large(integer::not(p, a))
        }
    }
}

pub fn bsl_2(p: &mut Process, a: Term, b: Term) -> Result {
    shift(p, a, b, false)
}
pub fn bsr_2(p: &mut Process, a: Term, b: Term) -> Result {
    shift(p, a, b, true)
}
fn shift(p: &mut Process, a: Term, b: Term, right: bool) -> Result {
    let (mut word_a, mut word_b) = (0, 0);
    let a = Integer::of(a, &mut word_a).ok_or_else(badarith)?;
    let b = Integer::of(b, &mut word_b).ok_or_else(badarith)?;
    let bits = match b.words {
        [] => 0,
        [bits] => *bits,
        _ => u64::MAX,
    };
    large(if right != b.negative {
        integer::shift_right(p, a, bits)
    } else {
        integer::shift_left(p, a, bits)
    })
}

pub fn abs_1(p: &mut Process, a: Term) -> Result {
    let mut word = 0;
    match Number::of(a, &mut word) {
        // The absolute value of -0.0 is itself until OTP 26.
        Some(Number::Float(0.0)) if program().release() == 25 => Ok(a),
        Some(Number::Float(float)) if float.is_sign_negative() => Ok(build::float(p, -float)),
        Some(Number::Integer(integer)) if integer.negative => large(integer::negate(p, integer)),
        Some(_) => Ok(a),
        None => Err(badarg()),
    }
}
pub fn float_1(p: &mut Process, a: Term) -> Result {
    if a.as_float().is_some() {
        return Ok(a);
    }
    let float = float_of(a).ok_or_else(badarg)?;
    Ok(build::float(p, float))
}

fn to_integer(p: &mut Process, a: Term, whole: fn(f64) -> f64) -> Result {
    let mut word = 0;
    match Number::of(a, &mut word) {
        Some(Number::Float(float)) => Ok(integer::from_float(p, whole(float))),
        Some(Number::Integer(_)) => Ok(a),
        None => Err(badarg()),
    }
}
pub fn trunc_1(p: &mut Process, a: Term) -> Result {
    to_integer(p, a, f64::trunc)
}
pub fn round_1(p: &mut Process, a: Term) -> Result {
    to_integer(p, a, f64::round)
}
pub fn floor_1(p: &mut Process, a: Term) -> Result {
    to_integer(p, a, f64::floor)
}
pub fn ceil_1(p: &mut Process, a: Term) -> Result {
    to_integer(p, a, f64::ceil)
}

/// For results of conversions that are `system_limit` when too large.
pub(super) fn too_large(_: integer::TooLarge) -> Exception {
    system_limit()
}
