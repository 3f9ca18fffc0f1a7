//! Arithmetic on integers of many sizes against `dashu-int` throughout.

use super::*;
use crate::process::Process;
use dashu_int::IBig;

/// Magnitudes at and around what is done differently: words, double words, in-place products.
fn samples() -> Vec<IBig> {
    let mut samples = vec![IBig::ZERO];
    let mut state = 1u64;
    for bits in [1, 7, 59, 60, 61, 63, 64, 65, 127, 128, 129, 192, 640, 1536, 1600, 4000, 20000] {
        let power = IBig::ONE << bits;
        state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ state >> 29;
        let mixed = (&power * IBig::from(state)) >> 64;
        for value in [&power - 1, power.clone(), &power + 1, mixed] {
            samples.push(-&value);
            samples.push(value);
        }
    }
    samples
}

fn to_term(p: &mut Process, value: &IBig) -> Term {
    let negative = value < &IBig::ZERO;
    let magnitude = if negative { -value } else { value.clone() };
    let magnitude = UBig::try_from(magnitude).expect("not negative");
    from_words(p, negative, magnitude.as_words()).expect("not too large")
}
fn to_value(term: Term) -> IBig {
    let mut word = 0;
    let integer = Integer::of(term, &mut word).expect("an integer");
    assert!(integer.words.last() != Some(&0), "a leading zero word");
    let fits = integer.words.len() < 2 && integer.bit_length() < 61;
    assert!(!fits || term.is_small() || term.0 & 7 != 0, "a bignum that fits a small");
    let magnitude = IBig::from(integer.magnitude());
    if integer.negative { -magnitude } else { magnitude }
}

fn check_pairs(
    operator: fn(&mut Process, Integer, Integer) -> Result,
    expected: fn(&IBig, &IBig) -> IBig,
) {
    let mut p = Process::for_tests();
    for a in samples() {
        for b in samples() {
            let (term_a, term_b) = (to_term(&mut p, &a), to_term(&mut p, &b));
            let (mut word_a, mut word_b) = (0, 0);
            let x = Integer::of(term_a, &mut word_a).expect("an integer");
            let y = Integer::of(term_b, &mut word_b).expect("an integer");
            let result = operator(&mut p, x, y).expect("not too large");
            assert_eq!(to_value(result), expected(&a, &b), "{a} and {b}");
        }
    }
}

#[test]
fn sums_and_differences() {
    check_pairs(|p, a, b| add(p, a, b), |a, b| a + b);
    check_pairs(|p, a, b| subtract(p, a, b), |a, b| a - b);
}
#[test]
fn products() {
    check_pairs(|p, a, b| multiply(p, a, b), |a, b| a * b);
}
/// Patterns at which a word of the quotient is estimated too large, once and twice.
#[test]
fn quotients_with_corrections() {
    const HALF: u64 = 1 << 63;
    let dividends: [&[u64]; 5] = [
        &[0, 0, HALF, HALF - 1],
        &[3, 0, HALF, HALF],
        &[0, u64::MAX - 1, HALF],
        &[u64::MAX, u64::MAX, u64::MAX, u64::MAX - 1],
        &[0, 0, 0, HALF - 1, HALF],
    ];
    let divisors: [&[u64]; 5] =
        [&[1, 0, HALF], &[u64::MAX, HALF], &[u64::MAX, u64::MAX], &[0, 1], &[HALF + 1]];
    for a in dividends {
        for b in divisors {
            let mut quotient = vec![0; a.len()];
            let rest = division::divide(a, b, |at, word| quotient[at] = word, UBig::from_words);
            let quotient = UBig::from_words(&quotient);
            let divisor = UBig::from_words(b);
            assert!(rest < divisor);
            assert_eq!(quotient * divisor + rest, UBig::from_words(a), "{a:x?} by {b:x?}");
        }
    }
}
/// At a multiple of the divisor and right below it the highest words do not tell the quotient.
#[test]
fn short_quotients_of_long_words() {
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ state >> 29;
        state
    };
    let divisors = [11, 12, 40, 300].map(|words| {
        let words: Vec<u64> = (0..words).map(|_| random()).collect();
        UBig::from_words(&words)
    });
    let quotients = [1, 2, 5, division::SHORT_QUOTIENT_WORDS - 1].map(|words| {
        let words: Vec<u64> = (0..words).map(|_| random()).collect();
        UBig::from_words(&words)
    });
    for divisor in &divisors {
        for factor in &quotients {
            for dividend in
                [factor * divisor, factor * divisor - 1u8, (factor + 1u8) * divisor - 1u8]
            {
                let (a, b) = (dividend.as_words(), divisor.as_words());
                if a.len() < b.len() {
                    continue;
                }
                let mut words = vec![0; a.len() - b.len() + 1];
                division::short_quotient(a, b, &mut words);
                let expected = &dividend / divisor;
                assert_eq!(UBig::from_words(&words), expected, "{dividend} by {divisor}");
            }
        }
    }
}
#[test]
fn quotients_and_remainders() {
    let divide_or_zero = |p: &mut Process, a: Integer, b: Integer| {
        if b.is_zero() { Ok(Term::small(0)) } else { divide(p, a, b) }
    };
    check_pairs(divide_or_zero, |a, b| if b.is_zero() { IBig::ZERO } else { a / b });
    let remainder_or_zero = |p: &mut Process, a: Integer, b: Integer| {
        if b.is_zero() { Ok(Term::small(0)) } else { remainder(p, a, b) }
    };
    check_pairs(remainder_or_zero, |a, b| if b.is_zero() { IBig::ZERO } else { a % b });
}
#[test]
fn bitwise_operators() {
    check_pairs(|p, a, b| and(p, a, b), |a, b| a & b);
    check_pairs(|p, a, b| or(p, a, b), |a, b| a | b);
    check_pairs(|p, a, b| xor(p, a, b), |a, b| a ^ b);
    check_pairs(|p, a, _| not(p, a), |a, _| !a);
}

#[test]
fn shifts() {
    let mut p = Process::for_tests();
    for value in samples() {
        for bits in [0usize, 1, 3, 59, 63, 64, 65, 200, 5000] {
            let term = to_term(&mut p, &value);
            let mut word = 0;
            let integer = Integer::of(term, &mut word).expect("an integer");
            let left = shift_left(&mut *p, integer, bits as u64).expect("not too large");
            assert_eq!(to_value(left), &value << bits);
            let right = shift_right(&mut *p, integer, bits as u64).expect("not too large");
            assert_eq!(to_value(right), &value >> bits, "{value} >> {bits}");
        }
    }
}

#[test]
fn texts_read_back() {
    let mut p = Process::for_tests();
    for value in samples() {
        for base in [2, 10, 16, 36] {
            let term = to_term(&mut p, &value);
            let mut word = 0;
            let mut text = Vec::new();
            let integer = Integer::of(term, &mut word).expect("an integer");
            to_text(integer, base, &mut text);
            let read = from_text(&mut *p, &text, base).expect("an integer").expect("not too large");
            assert_eq!(to_value(read), value);
        }
    }
}

#[test]
fn results_have_a_limit() {
    let mut p = Process::for_tests();
    let mut word = 0;
    let one = Integer::of_word(1, &mut word);
    assert_eq!(shift_left(&mut *p, one, u64::MAX), Err(TooLarge));
    assert_eq!(shift_left(&mut *p, one, 64 * MAX_WORDS as u64), Err(TooLarge));
    let largest = shift_left(&mut *p, one, 64 * MAX_WORDS as u64 - 1).expect("fits");
    let mut word = 0;
    let largest = Integer::of(largest, &mut word).expect("an integer");
    assert_eq!(add(&mut *p, largest, largest), Err(TooLarge));
    assert_eq!(multiply(&mut *p, largest, largest), Err(TooLarge));
}
