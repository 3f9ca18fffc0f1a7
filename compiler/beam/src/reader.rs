//! Bounded reading of bytes and of compact terms: never past the end, never a panic.
//!
//! A reader covers one range; offsets in faults count from the start of the file, or of the
//! unpacked data where the range was packed. This file must not know chunks or operands.

use num_bigint::BigInt;

use crate::error::Fault;

/// A range being read.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    base: usize,
    packed: bool,
}

/// The tag of a compact term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Unsigned,
    Int,
    Atom,
    X,
    Y,
    Label,
    Char,
    Extended,
}

/// The number of a compact term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number<'a> {
    /// One of the two short forms, never negative.
    Short(u64),
    /// Big-endian; in two's complement if the tag is `Int`.
    Long(&'a [u8]),
}

type Result<T> = std::result::Result<T, Fault>;

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], base: usize, packed: bool) -> Reader<'a> {
        Reader { bytes, position: 0, base, packed }
    }

    pub(crate) fn offset(&self) -> usize {
        self.base + self.position
    }

    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.remaining() == 0
    }

    /// A fault at the current position.
    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        self.fault_at(self.offset(), message)
    }

    pub(crate) fn fault_at(&self, offset: usize, message: impl Into<String>) -> Fault {
        Fault { offset, packed: self.packed, message: message.into() }
    }

    pub(crate) fn take(&mut self, size: usize) -> Result<&'a [u8]> {
        let end = self.position.checked_add(size).filter(|&end| end <= self.bytes.len());
        let Some(end) = end else {
            let left = self.remaining();
            return Err(self.fault(format!("{size} bytes expected, {left} left")));
        };
        let taken = &self.bytes[self.position..end];
        self.position = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// A reader of the next bytes alone.
    pub(crate) fn split(&mut self, size: usize) -> Result<Reader<'a>> {
        let base = self.offset();
        let bytes = self.take(size)?;
        Ok(Reader::new(bytes, base, self.packed))
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        self.position = self.bytes.len();
        rest
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(crate) fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub(crate) fn i64(&mut self) -> Result<i64> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    pub(crate) fn f64(&mut self) -> Result<f64> {
        Ok(f64::from_be_bytes(self.array()?))
    }

    /// A count of items of at least `item_bytes` each, which must fit into what is left.
    pub(crate) fn count(&mut self, what: &str, item_bytes: usize) -> Result<usize> {
        let offset = self.offset();
        let count = self.u32()? as usize;
        self.check_count(offset, count, what, item_bytes)?;
        Ok(count)
    }

    /// Refuses a count, read at `offset`, whose items cannot all be in what is left.
    pub(crate) fn check_count(
        &self,
        offset: usize,
        count: usize,
        what: &str,
        item_bytes: usize,
    ) -> Result<()> {
        let most = self.remaining() / item_bytes;
        if count > most {
            let message = format!("{count} {what} cannot lie in {} bytes", self.remaining());
            return Err(self.fault_at(offset, message));
        }
        Ok(())
    }

    /// A compact term: a tag and a number.
    pub(crate) fn tagged(&mut self) -> Result<(Tag, Number<'a>)> {
        let offset = self.offset();
        let first = self.u8()?;
        let tag = match first & 7 {
            0 => Tag::Unsigned,
            1 => Tag::Int,
            2 => Tag::Atom,
            3 => Tag::X,
            4 => Tag::Y,
            5 => Tag::Label,
            6 => Tag::Char,
            _ => Tag::Extended,
        };
        if first & 0x08 == 0 {
            return Ok((tag, Number::Short(u64::from(first >> 4))));
        }
        if first & 0x10 == 0 {
            let low = self.u8()?;
            return Ok((tag, Number::Short(u64::from(first >> 5) << 8 | u64::from(low))));
        }
        let size = match first >> 5 {
            7 => self.long_size(offset)?,
            code => usize::from(code) + 2,
        };
        Ok((tag, Number::Long(self.take(size)?)))
    }

    /// The size of a number of nine bytes and more, itself a compact term, but not of this form
    /// again, or sizes could nest without end.
    fn long_size(&mut self, offset: usize) -> Result<usize> {
        let first = self.peek();
        if first.is_some_and(|first| first & 0xf8 == 0xf8) {
            return Err(self.fault_at(offset, "number with a size of more than 64 bits"));
        }
        match self.tagged()? {
            (Tag::Unsigned, number) => number
                .to_u64()
                .and_then(|size| usize::try_from(size).ok()?.checked_add(9))
                .ok_or_else(|| self.fault_at(offset, "number with an impossible size")),
            _ => Err(self.fault_at(offset, "number whose size is no number")),
        }
    }

    /// A compact term that must be a plain number of at most 64 bits.
    pub(crate) fn unsigned(&mut self, what: &str) -> Result<u64> {
        let offset = self.offset();
        match self.tagged()? {
            (Tag::Unsigned, number) => number
                .to_u64()
                .ok_or_else(|| self.fault_at(offset, format!("{what} does not fit into 64 bits"))),
            (tag, _) => Err(self.fault_at(offset, format!("{what} expected, found {tag:?}"))),
        }
    }
}

impl Number<'_> {
    /// The value as an unsigned number, if it fits.
    pub(crate) fn to_u64(self) -> Option<u64> {
        match self {
            Number::Short(value) => Some(value),
            Number::Long(bytes) => {
                let significant = bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len());
                let bytes = &bytes[significant..];
                (bytes.len() <= 8)
                    .then(|| bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)))
            }
        }
    }

    /// The value in two's complement, if it fits.
    pub(crate) fn to_i64(self) -> Option<i64> {
        match self {
            Number::Short(value) => i64::try_from(value).ok(),
            Number::Long(bytes) => {
                let sign: u8 = if bytes.first()? & 0x80 == 0 { 0 } else { 0xff };
                let excess = bytes.len().saturating_sub(8);
                let (head, tail) = bytes.split_at(excess);
                let negative = tail.first()? & 0x80 != 0;
                if head.iter().any(|&byte| byte != sign)
                    || (excess > 0 && negative != (sign == 0xff))
                {
                    return None;
                }
                let start = if negative { -1 } else { 0 };
                Some(tail.iter().fold(start, |value: i64, &byte| value << 8 | i64::from(byte)))
            }
        }
    }

    /// The value in two's complement.
    pub(crate) fn to_big_int(self) -> BigInt {
        match self {
            Number::Short(value) => BigInt::from(value),
            Number::Long(bytes) => BigInt::from_signed_bytes_be(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bytes: &[u8]) -> (Tag, Option<i64>, Option<u64>) {
        let (tag, number) = Reader::new(bytes, 0, false).tagged().expect("a compact term");
        (tag, number.to_i64(), number.to_u64())
    }

    #[test]
    fn compact_terms_of_every_size() {
        assert_eq!(number(&[0xf0]), (Tag::Unsigned, Some(15), Some(15)));
        assert_eq!(number(&[0xe9, 0xff]), (Tag::Int, Some(0x7ff), Some(0x7ff)));
        assert_eq!(number(&[0x19, 0xff, 0xff]), (Tag::Int, Some(-1), Some(0xffff)));
        assert_eq!(number(&[0x1a, 0x80, 0x00]), (Tag::Atom, Some(-0x8000), Some(0x8000)));
        assert_eq!(
            number(&[0xd9, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            (Tag::Int, Some(i64::MIN), Some(1 << 63))
        );
        assert_eq!(
            number(&[0xf9, 0x00, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            (Tag::Int, None, Some(1 << 63))
        );
        assert_eq!(
            number(&[0xf9, 0x00, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            (Tag::Int, Some(i64::MIN), None)
        );
    }

    #[test]
    fn sizes_of_sizes_are_refused() {
        for first in 0xf8..=0xff {
            let endless = vec![first; 1 << 20];
            assert!(Reader::new(&endless, 0, false).tagged().is_err());
        }
    }
}
