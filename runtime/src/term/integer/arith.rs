//! Sum, difference, product, quotient and remainder.

use super::division::{self, SHORT_QUOTIENT_WORDS};
use super::{Integer, Result, build_in_place, from_double_word, from_words};
use crate::sys::arena;
use crate::term::{Alloc, Term};
use core::cmp::Ordering;

/// Products with a shorter factor and quotients with a divisor up to this many words are made in
/// place; above, better algorithms win over the copies they cost.
const IN_PLACE_WORDS: usize = 32;

pub fn add(heap: &mut (impl Alloc + ?Sized), a: Integer, b: Integer) -> Result {
    let (a, b) = if a.words.len() < b.words.len() { (b, a) } else { (a, b) };
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
        (x, y) if core::ptr::eq(x, y) => {
            let _scratch = arena::scope();
            from_words(heap, negative, a.magnitude().sqr().as_words())
        }
        _ => {
            let _scratch = arena::scope();
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
    let _scratch = arena::scope();
    let count = a.words.len() - b.words.len() + 1;
    if count <= SHORT_QUOTIENT_WORDS {
        let mut words = [0; SHORT_QUOTIENT_WORDS];
        division::short_quotient(a.words, b.words, &mut words[..count]);
        return from_words(heap, negative, &words);
    }
    if b.words.len() <= IN_PLACE_WORDS {
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
    let _scratch = arena::scope();
    let count = a.words.len() - b.words.len() + 1;
    if count <= SHORT_QUOTIENT_WORDS || b.words.len() <= IN_PLACE_WORDS {
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
    let carry = combine_words(&mut sum[..a.len()], a, b, u64::carrying_add);
    sum[a.len()] = u64::from(carry);
}

/// `difference = a - b`; `a` is no less than `b`.
fn subtract_words(difference: &mut [u64], a: &[u64], b: &[u64]) {
    combine_words(difference, a, b, u64::borrowing_sub);
}

/// Words that are combined at once: the carry stays in the processor's flag between them.
const AT_ONCE: usize = 8;

/// The words of `a` with those of `b`, which is no longer, and the carry from word to word.
#[inline(always)]
fn combine_words(
    result: &mut [u64],
    a: &[u64],
    b: &[u64],
    operator: impl Fn(u64, u64, bool) -> (u64, bool),
) -> bool {
    let (low, high) = a.split_at(b.len());
    let (result_low, result_high) = result.split_at_mut(b.len());
    let mut carry = false;
    let (results, result_rest) = result_low.as_chunks_mut::<AT_ONCE>();
    let ((lows, low_rest), (bs, b_rest)) = (low.as_chunks::<AT_ONCE>(), b.as_chunks::<AT_ONCE>());
    for ((r, x), y) in results.iter_mut().zip(lows).zip(bs) {
        for i in 0..AT_ONCE {
            (r[i], carry) = operator(x[i], y[i], carry);
        }
    }
    for ((r, x), y) in result_rest.iter_mut().zip(low_rest).zip(b_rest) {
        (*r, carry) = operator(*x, *y, carry);
    }
    let mut high = result_high.iter_mut().zip(high);
    while carry && let Some((r, x)) = high.next() {
        (*r, carry) = operator(*x, 0, carry);
    }
    high.for_each(|(r, x)| *r = *x);
    carry
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

/// `product = a * b`, as at school.
fn multiply_words(product: &mut [u64], a: &[u64], b: &[u64]) {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let (&first, others) = short.split_first().expect("no factor is zero");
    product[long.len()] = multiply_by_word(product, long, first);
    for (i, &y) in (1..).zip(others) {
        let mut carry = 0u64;
        for (p, &x) in product[i..].iter_mut().zip(long) {
            let word = u128::from(x) * u128::from(y) + u128::from(*p) + u128::from(carry);
            *p = word as u64;
            carry = (word >> 64) as u64;
        }
        product[i + long.len()] = carry;
    }
}

/// The lowest words of `product = a * y`; returns the next one.
fn multiply_by_word(product: &mut [u64], a: &[u64], y: u64) -> u64 {
    const AT_ONCE: usize = 4;
    let wide = |x: u64| u128::from(x) * u128::from(y);
    let (products, product_rest) = product[..a.len()].as_chunks_mut::<AT_ONCE>();
    let (words, rest) = a.as_chunks::<AT_ONCE>();
    let mut high = 0u64;
    for (p, x) in products.iter_mut().zip(words) {
        let mut carry = false;
        for i in 0..AT_ONCE {
            let word = wide(x[i]);
            (p[i], carry) = (word as u64).carrying_add(high, carry);
            high = (word >> 64) as u64;
        }
        // The higher word of a product is never the largest.
        high += u64::from(carry);
    }
    for (p, x) in product_rest.iter_mut().zip(rest) {
        let word = wide(*x) + u128::from(high);
        *p = word as u64;
        high = (word >> 64) as u64;
    }
    high
}
