//! Floats as text and back, in all the forms of `float_to_list/2`.

use std::io::Write;

/// Longest text of a float, as in OTP, which formats into 256 bytes.
const MAX_TEXT: usize = 255;

/// The shortest text that reads back as this float; of the fixed and the scientific form the
/// shorter one, fixed only where every integer near it is exact.
pub fn short(float: f64) -> String {
    if float == 0.0 {
        return if float.is_sign_negative() { "-0.0" } else { "0.0" }.to_owned();
    }
    let mut buffer = ryu::Buffer::new();
    let (digits, exponent) = digits_and_exponent(buffer.format_finite(float.abs()));
    let mut text = String::with_capacity(32);
    if float < 0.0 {
        text.push('-');
    }
    if is_fixed(&digits, exponent) {
        write_fixed(&digits, exponent, &mut text);
    } else {
        let (first, rest) = digits.split_at(1);
        let rest = if rest.is_empty() { "0" } else { rest };
        let scientific = exponent + digits.len() as i32 - 1;
        text.push_str(&format!("{first}.{rest}e{scientific}"));
    }
    text
}

/// Significant digits of a text such as `12.5`, `1.5e-7` or `1e22`, and the exponent of the last.
fn digits_and_exponent(text: &str) -> (String, i32) {
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().expect("an exponent")),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let exponent: i32 = exponent - fraction.len() as i32;
    let significant = all.trim_end_matches('0');
    let zeros = (all.len() - significant.len()) as i32;
    (significant.trim_start_matches('0').to_owned(), exponent + zeros)
}

/// OTP's choice of form, for the digits as an integer and the exponent of its last digit.
fn is_fixed(digits: &str, exponent: i32) -> bool {
    let count = digits.len() as i32;
    let scientific = exponent + count - 1;
    let (lower, upper) = if count == 1 {
        (-4, 2)
    } else if scientific >= 10 {
        (-(count + 2), 2)
    } else {
        (-(count + 2), 1)
    };
    let value: u64 = digits.parse().expect("at most 17 digits");
    let beyond_exact = match exponent {
        0 => value >= 1 << 53,
        1 => value > (1 << 52) / 5,
        2 => value > (1 << 51) / 25,
        _ => false,
    };
    (lower..=upper).contains(&exponent) && !beyond_exact
}

fn write_fixed(digits: &str, exponent: i32, text: &mut String) {
    let whole = digits.len() as i32 + exponent;
    if exponent >= 0 {
        text.push_str(digits);
        text.extend(core::iter::repeat_n('0', exponent as usize));
        text.push_str(".0");
    } else if whole > 0 {
        let (before, after) = digits.split_at(whole as usize);
        text.push_str(before);
        text.push('.');
        text.push_str(after);
    } else {
        text.push_str("0.");
        text.extend(core::iter::repeat_n('0', -whole as usize));
        text.push_str(digits);
    }
}

/// `%.*e` of C. Nothing if it would be too long.
pub fn scientific(float: f64, decimals: i64) -> Option<String> {
    // C takes a negative precision as none given.
    let decimals = usize::try_from(decimals).unwrap_or(6);
    if decimals > MAX_TEXT {
        return None;
    }
    let (digits, exponent) = rounded_digits(float, decimals).unwrap_or_else(|| {
        let text = format!("{:.decimals$e}", float.abs());
        let (mantissa, exponent) = text.split_once('e').expect("this format has an exponent");
        (mantissa.replace('.', ""), exponent.parse().expect("an exponent"))
    });
    let mut text = String::with_capacity(decimals + 16);
    if float.is_sign_negative() {
        text.push('-');
    }
    let (first, rest) = digits.split_at(1);
    text.push_str(first);
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    text.push_str(if exponent < 0 { "e-" } else { "e+" });
    let magnitude = exponent.unsigned_abs();
    if magnitude < 10 {
        text.push('0');
    }
    text.push_str(&magnitude.to_string());
    (text.len() <= MAX_TEXT).then_some(text)
}

/// One digit and so many decimals of a float's magnitude, and the exponent of the first, rounded to
/// the nearest, half to even. Only where an integer of 128 bits holds all of its digits.
fn rounded_digits(float: f64, decimals: usize) -> Option<(String, i32)> {
    /// With a mantissa of 53 bits it just fits.
    const LARGEST_SCALE: i32 = 22;
    /// More decimals would not fit.
    const MOST_DECIMALS: usize = 36;
    let bits = float.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    if !(1..0x7ff).contains(&biased) || decimals > MOST_DECIMALS {
        return None;
    }
    let mantissa = u128::from(bits & ((1 << 52) - 1) | 1 << 52);
    let shift = 1075 - biased;
    let limit = 10u128.pow(decimals as u32 + 1);
    // The decimal exponent is this (log10(2) of the binary one), or the next.
    let least = ((biased - 1023) * 30103).div_euclid(100_000);
    for exponent in [least, least + 1] {
        let scale = decimals as i32 - exponent;
        if !(0..=LARGEST_SCALE).contains(&scale) {
            return None;
        }
        let scaled = mantissa * 10u128.pow(scale as u32);
        let (whole, fraction, half) = match shift {
            ..=0 => (scaled.checked_shl(-shift as u32)?, 0, 1),
            1..128 => (scaled >> shift, scaled & ((1 << shift) - 1), 1 << (shift - 1)),
            _ => return None,
        };
        if whole >= limit {
            continue;
        }
        let up = fraction > half || fraction == half && whole & 1 == 1;
        let rounded = whole + u128::from(up);
        return Some(if rounded == limit {
            ((limit / 10).to_string(), exponent + 1)
        } else {
            (rounded.to_string(), exponent)
        });
    }
    None
}

/// So many decimals; without zeros at the end if `compact`. Nothing if it would be too long.
pub fn fixed(float: f64, decimals: i64, compact: bool) -> Option<String> {
    const EXACT: f64 = (1u64 << 53) as f64;
    let decimals = usize::try_from(decimals).ok()?;
    if decimals > MAX_TEXT {
        return None;
    }
    let mut text = if float.abs() > EXACT || decimals >= POWERS.len() {
        format!("{float:.decimals$}")
    } else {
        fixed_by_parts(float, decimals)
    };
    if text.len() > MAX_TEXT {
        return None;
    }
    // OTP looks for zeros even where there is no decimal point, if the number is a large one.
    if compact && (decimals > 0 || float.abs() > EXACT) {
        let kept = text.trim_end_matches('0').len();
        text.truncate(kept);
        if text.ends_with('.') {
            text.push('0');
        }
    }
    Some(text)
}

const POWERS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

/// OTP rounds the fraction as a number of its own, half away from zero.
fn fixed_by_parts(float: f64, decimals: usize) -> String {
    let sign = if float.is_sign_negative() { "-" } else { "" };
    let magnitude = float.abs();
    if decimals == 0 {
        return format!("{sign}{}", magnitude.round() as u64);
    }
    let whole = magnitude.floor();
    let fraction = ((magnitude - whole) * POWERS[decimals]).round();
    let (whole, fraction) = if fraction >= POWERS[decimals] {
        (whole as u64 + 1, 0)
    } else {
        (whole as u64, fraction as u64)
    };
    format!("{sign}{whole}.{fraction:0decimals$}")
}

/// The float that a text stands for: sign or none, digits, a point (or comma), digits, perhaps an
/// exponent, and nothing else. Nothing if it is no such text or beyond the floats.
pub fn parse(text: &[u8]) -> Option<f64> {
    let unsigned = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    let rest = skip_digits(unsigned)?;
    let [b'.' | b',', rest @ ..] = rest else {
        return None;
    };
    let mut rest = skip_digits(rest)?;
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = skip_digits(match exponent {
            [b'+' | b'-', digits @ ..] => digits,
            digits => digits,
        })?;
    }
    if !rest.is_empty() {
        return None;
    }
    let text = core::str::from_utf8(text).expect("checked to be ASCII");
    let float: f64 = if text.contains(',') {
        text.replace(',', ".").parse().ok()?
    } else {
        text.parse().ok()?
    };
    float.is_finite().then_some(float)
}

/// What follows at least one digit.
fn skip_digits(text: &[u8]) -> Option<&[u8]> {
    let count = text.iter().take_while(|c| c.is_ascii_digit()).count();
    (count > 0).then(|| &text[count..])
}

/// Appends `%e` of C with six decimals: how the runtime itself prints floats.
pub fn write_exponent(float: f64, text: &mut Vec<u8>) {
    let printed = scientific(float, 6).expect("short enough");
    text.write_all(printed.as_bytes()).expect("writing to memory");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the standard library makes of it, in C's form.
    fn expected(float: f64, decimals: usize) -> String {
        let text = format!("{float:.decimals$e}");
        let (mantissa, exponent) = text.split_once('e').expect("an exponent");
        let exponent: i32 = exponent.parse().expect("an exponent");
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    }

    #[test]
    fn digits_are_rounded_as_the_standard_library_does() {
        let mut state = 1u64;
        let mut floats = vec![
            0.0,
            -0.0,
            1.0,
            0.1,
            2.5,
            9.5,
            99.5,
            9.999_999_999_999_999,
            1e21,
            1e22,
            1e23,
            5e-324,
        ];
        floats.extend((-40..70).map(|power| 2f64.powi(power) + 2f64.powi(power - 30)));
        floats
            .extend((-30..40).flat_map(|power| [10f64.powi(power), 10f64.powi(power).next_down()]));
        for _ in 0..20_000 {
            state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ state >> 29;
            let exponent = 1023 - 60 + (state >> 40) % 140;
            floats.push(f64::from_bits(state << 12 >> 12 | exponent << 52));
        }
        for (i, float) in floats.into_iter().enumerate() {
            for decimals in [0, 1, 6, 16, 20, 30 + i % 8] {
                let text = scientific(float, decimals as i64).expect("short");
                assert_eq!(text, expected(float, decimals), "{float:e} with {decimals} decimals");
            }
        }
    }
}
