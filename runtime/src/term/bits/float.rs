//! Float fields of bit strings: 16, 32 or 64 bits.

/// The double nearest to a field's value; `None` for infinities and what is no number.
pub fn from_field(field: u64, size_bits: usize) -> Option<f64> {
    let value = match size_bits {
        16 => half_to_double(field as u16),
        32 => f32::from_bits(field as u32) as f64,
        64 => f64::from_bits(field),
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// The field of a double, rounded to the nearest value (ties to even), too large ones to
/// infinity; `None` if there is no float of this size.
pub fn to_field(value: f64, size_bits: usize) -> Option<u64> {
    match size_bits {
        16 => Some(double_to_half(value) as u64),
        32 => Some((value as f32).to_bits() as u64),
        64 => Some(value.to_bits()),
        _ => None,
    }
}

fn half_to_double(half: u16) -> f64 {
    let sign = if half >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = (half >> 10 & 31) as i32;
    let fraction = (half & 0x3ff) as f64;
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

fn double_to_half(value: f64) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1023;
    let fraction = bits & ((1 << 52) - 1);
    if exponent >= 16 {
        return sign | 0x7c00;
    }
    if exponent < -25 {
        return sign;
    }
    // The significand with its leading one, and how many of its bits a half has no room for.
    let significand = fraction | 1 << 52;
    let (dropped, base) = if exponent < -14 {
        (42 + (-14 - exponent), 0)
    } else {
        (42, ((exponent + 14) as u16) << 10)
    };
    let kept = (significand >> dropped) as u16;
    let rest = significand & ((1 << dropped) - 1);
    let half = 1u64 << (dropped - 1);
    let up = rest > half || rest == half && kept & 1 == 1;
    // A carry out of the fraction raises the exponent, up to infinity, as it should.
    sign | (base + kept + up as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_reads_back() {
        for half in 0..=u16::MAX {
            if let Some(value) = from_field(half as u64, 16) {
                assert_eq!(to_field(value, 16), Some(half as u64), "{half:#x} {value}");
            }
        }
    }

    #[test]
    fn halves_round_to_the_nearest_even() {
        for (value, half) in [
            (65504.0, 0x7bff),
            (65519.0, 0x7bff),
            (65520.0, 0x7c00),
            (1.0e300, 0x7c00),
            (-1.0e300, 0xfc00),
            (1.0e-7, 2),
            (5.0e-8, 1),
            (2f64.powi(-25), 0),
            (2f64.powi(-25) * 1.0001, 1),
            (1.0 + 2f64.powi(-11), 0x3c00),
            (1.0 + 2f64.powi(-11) + 2f64.powi(-40), 0x3c01),
            (1.0 + 3.0 * 2f64.powi(-11), 0x3c02),
            (f64::from_bits(1), 0),
            (-0.0, 0x8000),
        ] {
            assert_eq!(to_field(value, 16), Some(half), "{value}");
        }
    }

    #[test]
    fn only_numbers_are_read() {
        assert_eq!(from_field(0x7c00, 16), None);
        assert_eq!(from_field(0x7e00, 16), None);
        assert_eq!(from_field(0xff80_0000, 32), None);
        assert_eq!(from_field(0x7ff8_0000_0000_0000, 64), None);
        assert_eq!(from_field(0x3fc0_0000, 32), Some(1.5));
        assert_eq!(from_field(0, 24), None);
    }
}
