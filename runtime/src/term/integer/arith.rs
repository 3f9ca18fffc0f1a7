//! Sum, difference, product, quotient and remainder.

use super::division::{self, DIVISOR_WORDS};
use super::{Integer, Result, build_in_place, from_double_word, from_words};
use crate::term::{Alloc, Term};
use core::cmp::Ordering;

/// Products with a shorter factor up to this many words are made in place; above, Karatsuba and
/// Toom-3 win over the copies they cost.
const IN_PLACE_WORDS: usize = 32;

pub fn add(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    let (a, b) = if a.words.len() < b.words.len() {
        (b, a)
    } else {
        (a, b)
    };
    if a.negative == b.negative {
        return build_in_place(heap, a.negative, a.words.len() + 1, |sum| {
            add_words(sum, a.words, b.words);
        });
    }
    let (a, b) = match compare_words(a.words, b.words) {
        Ordering::Less => (b, a),
        Ordering::Equal => return Ok(Term::small(0)),
        Ordering::Greater => (a, b),
    };
    build_in_place(heap, a.negative, a.words.len(), |difference| {
        subtract_words(difference, a.words, b.words);
    })
}

pub fn subtract(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    add(heap, a, b.negated())
}

pub fn negate(heap: &mut (impl Alloc + ?Sized), a: Integer) -> Result {
    from_words(heap, !a.negative, a.words)
}

pub fn multiply(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    let negative = a.negative != b.negative;
    match (a.words, b.words) {
        ([], _) | (_, []) => Ok(Term::small(0)),
        ([x], [y]) => {
            let product = u128::from(*x) * u128::from(*y);
            Ok(from_double_word(heap, negative, product))
        }
        ([x0, x1], [y0, y1]) => {
            let product = multiply_double([*x0, *x1], [*y0, *y1]);
            from_words(heap, negative, &product)
        }
        (x, y) if x.len().min(y.len()) <= IN_PLACE_WORDS => {
            build_in_place(heap, negative, x.len() + y.len(), |product| {
                multiply_words(product, x, y);
            })
        }
        (x, y) if x.len() + y.len() > super::MAX_WORDS + 1 => Err(super::TooLarge),
        (x, y) if core::ptr::eq(x, y) => from_words(heap, negative, a.magnitude().sqr().as_words()),
        _ => {
            let product = a.magnitude() * b.magnitude();
            from_words(heap, negative, product.as_words())
        }
    }
}

/// `div`: towards zero. The divisor is not zero.
pub fn divide(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    let negative = a.negative != b.negative;
    if let Some((x, y)) = double_words(a, b) {
        return Ok(from_double_word(heap, negative, x / y));
    }
    if compare_words(a.words, b.words) == Ordering::Less {
        return Ok(Term::small(0));
    }
    if b.words.len() <= DIVISOR_WORDS {
        let count = a.words.len() - b.words.len() + 1;
        return build_in_place(heap, negative, count, |quotient| {
            let store = |at: usize, word| quotient[at] = word;
            division::divide(a.words, b.words, store, |_| {});
        });
    }
    let quotient = a.magnitude() / b.magnitude();
    from_words(heap, negative, quotient.as_words())
}

/// `rem`: has the sign of the dividend. The divisor is not zero.
pub fn remainder(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    if let Some((x, y)) = double_words(a, b) {
        return Ok(from_double_word(heap, a.negative, x % y));
    }
    if compare_words(a.words, b.words) == Ordering::Less {
        return from_words(heap, a.negative, a.words);
    }
    if b.words.len() <= DIVISOR_WORDS {
        return division::divide(
            a.words,
            b.words,
            |_, _| {},
            |rest| from_words(heap, a.negative, rest),
        );
    }
    let rest = a.magnitude() % b.magnitude();
    from_words(heap, a.negative, rest.as_words())
}

fn double_words(a: Integer, b: Integer) -> Option<(u128, u128)> {
    let value = |words: &[u64]| match *words {
        [] => Some(0),
        [low] => Some(u128::from(low)),
        [low, high] => Some(u128::from(high) << 64 | u128::from(low)),
        _ => None,
    };
    Some((value(a.words)?, value(b.words)?))
}

/// Order of two magnitudes without leading zeros.
fn compare_words(a: &[u64], b: &[u64]) -> Ordering {
    crate::term::compare::magnitudes(a, b)
}

/// `sum = a + b`; `a` is no shorter than `b`, `sum` one word longer than `a`.
fn add_words(sum: &mut [u64], a: &[u64], b: &[u64]) {
    let (low, high) = a.split_at(b.len());
    let (sum_low, sum_high) = sum.split_at_mut(b.len());
    let mut carry = false;
    for ((s, x), y) in sum_low.iter_mut().zip(low).zip(b) {
        (*s, carry) = x.carrying_add(*y, carry);
    }
    for (s, x) in sum_high.iter_mut().zip(high) {
        (*s, carry) = x.overflowing_add(u64::from(carry));
    }
    sum_high[high.len()] = u64::from(carry);
}

/// `difference = a - b`; `a` is no less than `b`.
fn subtract_words(difference: &mut [u64], a: &[u64], b: &[u64]) {
    let (low, high) = a.split_at(b.len());
    let (difference_low, difference_high) = difference.split_at_mut(b.len());
    let mut borrow = false;
    for ((d, x), y) in difference_low.iter_mut().zip(low).zip(b) {
        (*d, borrow) = x.borrowing_sub(*y, borrow);
    }
    for (d, x) in difference_high.iter_mut().zip(high) {
        (*d, borrow) = x.overflowing_sub(u64::from(borrow));
    }
}

/// The product of two double words.
fn multiply_double(a: [u64; 2], b: [u64; 2]) -> [u64; 4] {
    let wide = |x: u64, y: u64| u128::from(x) * u128::from(y);
    let low = wide(a[0], b[0]);
    let middle = wide(a[1], b[0]) + (low >> 64);
    let other = wide(a[0], b[1]) + u128::from(middle as u64);
    let high = wide(a[1], b[1]) + (middle >> 64) + (other >> 64);
    [low as u64, other as u64, high as u64, (high >> 64) as u64]
}

/// `product = a * b`, as at school; `product` is zero before.
fn multiply_words(product: &mut [u64], a: &[u64], b: &[u64]) {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    for (i, &y) in short.iter().enumerate() {
        let mut carry = 0u64;
        for (p, &x) in product[i..].iter_mut().zip(long) {
            let word = u128::from(x) * u128::from(y) + u128::from(*p) + u128::from(carry);
            *p = word as u64;
            carry = (word >> 64) as u64;
        }
        product[i + long.len()] = carry;
    }
}
