//! Code points in UTF-8, UTF-16 and UTF-32, with the rules of bit syntax: no surrogates, no
//! overlong forms, nothing above 10FFFF.

use super::integer::LITTLE;

/// A value that a code point may have.
#[inline]
pub const fn is_code_point(value: i64) -> bool {
    value >= 0 && value <= 0x10_ffff && !(value >= 0xd800 && value <= 0xdfff)
}

/// Bytes of a code point in UTF-8.
#[inline]
pub const fn utf8_size(point: u32) -> usize {
    match point {
        0..0x80 => 1,
        0x80..0x800 => 2,
        0x800..0x1_0000 => 3,
        _ => 4,
    }
}

/// Bytes of a code point in UTF-16.
#[inline]
pub const fn utf16_size(point: u32) -> usize {
    if point < 0x1_0000 { 2 } else { 4 }
}

/// A code point's UTF-8 as a big-endian number of [`utf8_size`] bytes.
#[inline]
pub const fn utf8_field(point: u32) -> u32 {
    let (a, b, c) = (point & 0x3f, point >> 6 & 0x3f, point >> 12 & 0x3f);
    match utf8_size(point) {
        1 => point,
        2 => 0xc080 | (point >> 6) << 8 | a,
        3 => 0xe0_8080 | (point >> 12) << 16 | b << 8 | a,
        _ => 0xf080_8080 | (point >> 18) << 24 | c << 16 | b << 8 | a,
    }
}

/// A code point's UTF-16 as a big-endian number of [`utf16_size`] bytes.
#[inline]
pub const fn utf16_field(point: u32, flags: u64) -> u32 {
    let little = flags & LITTLE != 0;
    if point < 0x1_0000 {
        return if little { (point as u16).swap_bytes() as u32 } else { point };
    }
    let rest = point - 0x1_0000;
    let (high, low) = (0xd800 | (rest >> 10) as u16, 0xdc00 | (rest & 0x3ff) as u16);
    if little {
        (high.swap_bytes() as u32) << 16 | low.swap_bytes() as u32
    } else {
        (high as u32) << 16 | low as u32
    }
}

/// Result of reading one code point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decoded {
    /// The code point and its bytes.
    Point(u32, usize),
    /// What is there starts a code point but ends too early.
    Incomplete,
    Invalid,
}

/// The code point at the start of `bytes`, in UTF-8.
#[inline]
pub fn decode_utf8(bytes: &[u8]) -> Decoded {
    use Decoded::*;
    let Some(&first) = bytes.first() else {
        return Incomplete;
    };
    if first < 0x80 {
        return Point(first as u32, 1);
    }
    // Allowed values of the second byte: narrower where longer forms or surrogates would start.
    let (size, low, high) = match first {
        0xc2..=0xdf => (2, 0x80, 0xbf),
        0xe0 => (3, 0xa0, 0xbf),
        0xed => (3, 0x80, 0x9f),
        0xe1..=0xef => (3, 0x80, 0xbf),
        0xf0 => (4, 0x90, 0xbf),
        0xf1..=0xf3 => (4, 0x80, 0xbf),
        0xf4 => (4, 0x80, 0x8f),
        _ => return Invalid,
    };
    let mut point = first as u32 & (0x7f >> size);
    for i in 1..size {
        let Some(&byte) = bytes.get(i) else {
            return Incomplete;
        };
        let valid = if i == 1 { (low..=high).contains(&byte) } else { byte & 0xc0 == 0x80 };
        if !valid {
            return Invalid;
        }
        point = point << 6 | byte as u32 & 0x3f;
    }
    Point(point, size)
}

/// The code point at the start of `bytes`, in UTF-16.
#[inline]
pub fn decode_utf16(bytes: &[u8], flags: u64) -> Decoded {
    let unit = |at: usize| {
        let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(if flags & LITTLE != 0 { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let Some(first) = unit(0) else {
        return Decoded::Incomplete;
    };
    match first {
        0xdc00..=0xdfff => Decoded::Invalid,
        0xd800..=0xdbff => match unit(2) {
            None => Decoded::Incomplete,
            Some(second @ 0xdc00..=0xdfff) => Decoded::Point(
                (((first & 0x3ff) as u32) << 10 | (second & 0x3ff) as u32) + 0x1_0000,
                4,
            ),
            Some(_) => Decoded::Invalid,
        },
        point => Decoded::Point(point as u32, 2),
    }
}

/// The code point at the start of `bytes`, in UTF-32.
#[inline]
pub fn decode_utf32(bytes: &[u8], flags: u64) -> Decoded {
    let Some(bytes) = bytes.first_chunk::<4>() else {
        return Decoded::Incomplete;
    };
    let point =
        if flags & LITTLE != 0 { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) };
    if is_code_point(point as i64) { Decoded::Point(point, 4) } else { Decoded::Invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_point_reads_back() {
        for point in (0..=0x11_0000).filter(|p| is_code_point(*p as i64)) {
            let text = char::from_u32(point).expect("a code point").to_string();
            let size = utf8_size(point);
            let field = utf8_field(point).to_be_bytes();
            assert_eq!(&field[4 - size..], text.as_bytes());
            assert_eq!(decode_utf8(text.as_bytes()), Decoded::Point(point, size));
            for flags in [0, LITTLE] {
                let size = utf16_size(point);
                let field = utf16_field(point, flags).to_be_bytes();
                assert_eq!(decode_utf16(&field[4 - size..], flags), Decoded::Point(point, size));
            }
        }
    }

    #[test]
    fn utf8_validity_is_that_of_the_standard() {
        // Every sequence of two bytes and a sample of three and four, against the standard library.
        for a in 0x80..=0xffu8 {
            for b in 0..=0xffu8 {
                for rest in
                    [&[][..], &[0x80], &[0x80, 0x80], &[0xbf, 0xbf], &[0x7f, 0x80], &[0x80, 0xc0]]
                {
                    let bytes = [&[a, b], rest].concat();
                    let want = match core::str::from_utf8(&bytes) {
                        Ok(text) => Decoded::Point(text.chars().next().expect("one") as u32, 0),
                        Err(e) if e.valid_up_to() > 0 => {
                            let text =
                                core::str::from_utf8(&bytes[..e.valid_up_to()]).expect("valid");
                            Decoded::Point(text.chars().next().expect("one") as u32, 0)
                        }
                        Err(e) if e.error_len().is_none() => Decoded::Incomplete,
                        Err(_) => Decoded::Invalid,
                    };
                    let got = match decode_utf8(&bytes) {
                        Decoded::Point(point, _) => Decoded::Point(point, 0),
                        other => other,
                    };
                    assert_eq!(got, want, "{bytes:x?}");
                }
            }
        }
    }
}
