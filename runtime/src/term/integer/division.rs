//! Quotient and remainder of magnitudes: long division on machine words (Knuth's algorithm D, with
//! the divisor's reciprocal as by Möller and Granlund). Operands of a few words take no memory.
//!
//! A quotient of few words is that of the operands' highest words, nearly always.

use smallvec::SmallVec;

/// Words of a quotient that is found by the highest words of long operands.
pub const SHORT_QUOTIENT_WORDS: usize = 8;

/// Words of a dividend that need no memory.
type Words = SmallVec<[u64; 40]>;

/// A divisor of one word, or the top word of a longer one, whose highest bit is set.
struct Top {
    word: u64,
    /// `(2^128 - 1) / word - 2^64`
    reciprocal: u64,
}
impl Top {
    fn of(word: u64) -> Top {
        debug_assert!(word >> 63 == 1);
        Top { word, reciprocal: (u128::MAX / u128::from(word)) as u64 }
    }
    /// Quotient and remainder of two words, the higher one less than the divisor.
    #[inline(always)]
    fn divide(&self, high: u64, low: u64) -> (u64, u64) {
        let estimate = u128::from(self.reciprocal) * u128::from(high);
        let estimate = estimate.wrapping_add(u128::from(high) << 64 | u128::from(low));
        let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.word));
        if rest > estimate as u64 {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.word);
        }
        if rest >= self.word {
            quotient = quotient.wrapping_add(1);
            rest -= self.word;
        }
        (quotient, rest)
    }
}

/// Makes `words` those of `a` shifted by fewer bits than a word has, and what is shifted out.
fn shift(words: &mut Words, a: &[u64], bits: u32) {
    words.resize(a.len() + 1, 0);
    let mut low = 0;
    for (shifted, &word) in words.iter_mut().zip(a) {
        *shifted = word << bits | low;
        low = word.checked_shr(64 - bits).unwrap_or(0);
    }
    words[a.len()] = low;
}

/// Divides `a` by `b`, neither with leading zeros, `b` not zero and no longer than `a`. Gives each
/// word of the quotient with its place, the highest first; then `done` gets the remainder's words.
pub fn divide<R>(
    a: &[u64],
    b: &[u64],
    mut quotient: impl FnMut(usize, u64),
    done: impl FnOnce(&[u64]) -> R,
) -> R {
    debug_assert!(b.len() <= a.len());
    let (&highest, others) = b.split_last().expect("not zero");
    let bits = highest.leading_zeros();
    let mut rest = Words::new();
    shift(&mut rest, a, bits);
    if others.is_empty() {
        let top = Top::of(highest << bits);
        let mut high = rest.pop().expect("longer than a");
        for (at, &low) in rest.iter().enumerate().rev() {
            let (word, left) = top.divide(high, low);
            quotient(at, word);
            high = left;
        }
        return done(&[high >> bits]);
    }
    let mut divisor = Words::new();
    shift(&mut divisor, b, bits);
    divisor.pop();
    let top = Top::of(divisor[b.len() - 1]);
    for at in (0..=a.len() - b.len()).rev() {
        let word = step(&mut rest[at..=at + b.len()], &divisor, &top);
        quotient(at, word);
    }
    rest.truncate(b.len());
    let mut high = 0;
    for word in rest.iter_mut().rev() {
        let low = *word;
        *word = low >> bits | high;
        high = low.checked_shl(64 - bits).unwrap_or(0);
    }
    done(&rest)
}

/// The quotient of `a` by `b`, as for [`divide`], into words that it just fits.
pub fn short_quotient(a: &[u64], b: &[u64], quotient: &mut [u64]) {
    let count = quotient.len();
    debug_assert_eq!(count, a.len() - b.len() + 1);
    // A quotient of the highest words is right if their remainder is no less than it: what else
    // there is of the divisor, times the quotient, is then less than one of the remainder. With two
    // words more than the quotient has, the remainder is longer than the quotient, nearly always.
    let skipped = b.len().saturating_sub(count + 2);
    let is_exact = divide(
        &a[skipped..],
        &b[skipped..],
        |at, word| quotient[at] = word,
        |rest| skipped == 0 || rest[count..].iter().any(|word| *word != 0),
    );
    if !is_exact {
        divide(a, b, |at, word| quotient[at] = word, |_| {});
    }
}

/// One word of the quotient: `part`, a word longer than the divisor, is reduced below it.
#[inline]
fn step(part: &mut [u64], divisor: &[u64], top: &Top) -> u64 {
    let count = divisor.len();
    let (highest, high, low) = (part[count], part[count - 1], part[count - 2]);
    let second = divisor[count - 2];
    let (mut word, rest) = if highest >= top.word {
        let (rest, is_beyond) = high.overflowing_add(top.word);
        (u64::MAX, (!is_beyond).then_some(rest))
    } else {
        let (word, rest) = top.divide(highest, high);
        (word, Some(rest))
    };
    // At most two too large: the second word of the divisor tells.
    let mut rest = rest;
    while let Some(left) = rest
        && u128::from(word) * u128::from(second) > (u128::from(left) << 64 | u128::from(low))
    {
        word -= 1;
        rest = left.checked_add(top.word);
    }
    let (mut carry, mut borrow) = (0, false);
    for (p, &d) in part.iter_mut().zip(divisor) {
        let product = u128::from(word) * u128::from(d) + u128::from(carry);
        carry = (product >> 64) as u64;
        (*p, borrow) = p.borrowing_sub(product as u64, borrow);
    }
    (part[count], borrow) = part[count].borrowing_sub(carry, borrow);
    if borrow {
        // Very rarely it was one too large all the same.
        word -= 1;
        let mut carry = false;
        for (p, &d) in part.iter_mut().zip(divisor) {
            (*p, carry) = p.carrying_add(d, carry);
        }
        part[count] = part[count].wrapping_add(u64::from(carry));
    }
    word
}
