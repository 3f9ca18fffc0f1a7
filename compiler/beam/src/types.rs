//! The type chunk: what the compiler knows of a register at an instruction.
//!
//! Versions 1 (OTP 25), 2 (26), 3 (27, 28) and 4 (29) number their bits differently; here
//! they all appear with the numbers of version 4. This file must not know who uses a type.

use crate::error::Fault;
use crate::reader::Reader;

/// A set of kinds of terms.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeUnion(pub u16);

macro_rules! kinds {
    ($($bit:literal $name:ident $text:literal;)*) => {
        impl TypeUnion {
            $(#[doc = concat!("The kind `", $text, "`.")]
              pub const $name: TypeUnion = TypeUnion(1 << $bit);)*
            /// Every term.
            pub const ANY: TypeUnion = TypeUnion(0 $(| (1 << $bit))*);
            const NAMES: &'static [(TypeUnion, &'static str)] =
                &[$((TypeUnion::$name, $text)),*];
        }
    };
}

kinds! {
    0 ATOM "atom";
    1 BITSTRING "bitstring";
    2 CONS "cons";
    3 FLOAT "float";
    4 FUN "fun";
    5 INTEGER "integer";
    6 MAP "map";
    7 NIL "nil";
    8 PID "pid";
    9 PORT "port";
    10 REFERENCE "reference";
    11 TUPLE "tuple";
    12 RECORD "record";
}

impl TypeUnion {
    /// Whether all of these kinds lie within `other`.
    pub fn is_subset(self, other: TypeUnion) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether some kind lies in both.
    pub fn intersects(self, other: TypeUnion) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds of either.
    pub const fn union(self, other: TypeUnion) -> TypeUnion {
        TypeUnion(self.0 | other.0)
    }
}

impl std::fmt::Debug for TypeUnion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::fmt::Display for TypeUnion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == TypeUnion::ANY {
            return f.write_str("any");
        }
        let mut separator = "";
        for &(kind, name) in TypeUnion::NAMES {
            if self.intersects(kind) {
                write!(f, "{separator}{name}")?;
                separator = "|";
            }
        }
        Ok(())
    }
}

/// What is known of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeEntry {
    /// The kinds it may be of.
    pub union: TypeUnion,
    /// If it is a number, it is not below this one.
    pub lower_bound: Option<i64>,
    /// If it is a number, it is not above this one.
    pub upper_bound: Option<i64>,
    /// If it is a bitstring, its size in bits is a multiple of this, 1 to 256.
    pub unit: u16,
}

impl TypeEntry {
    /// Nothing is known.
    pub const ANY: TypeEntry =
        TypeEntry { union: TypeUnion::ANY, lower_bound: None, upper_bound: None, unit: 1 };
}

/// Decodes the chunk: its version and entries. A version that is not known here gives no
/// entries, and the code's references to them are dropped, as OTP's loader does.
pub(crate) fn read(input: &mut Reader<'_>) -> Result<(u32, Vec<TypeEntry>), Fault> {
    let version = input.u32()?;
    if !(1..=4).contains(&version) {
        input.rest();
        return Ok((version, Vec::new()));
    }
    let entry_bytes = if version == 1 { 18 } else { 2 };
    let count = input.count("types", entry_bytes)?;
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let offset = input.offset();
        let bits = input.u16()?;
        let entry =
            if version == 1 { entry_of_25(bits, input)? } else { entry(version, bits, input)? };
        if entry.union.0 == 0 {
            return Err(input.fault_at(offset, "type of no kind at all"));
        }
        entries.push(entry);
    }
    Ok((version, entries))
}

/// An entry of version 1, which always has both bounds; reversed ones say there are none.
fn entry_of_25(bits: u16, input: &mut Reader<'_>) -> Result<TypeEntry, Fault> {
    let (lower, upper) = (input.i64()?, input.i64()?);
    let bounded = lower <= upper;
    Ok(TypeEntry {
        union: union_without_match_states(bits & 0x1fff),
        lower_bound: bounded.then_some(lower),
        upper_bound: bounded.then_some(upper),
        unit: 1,
    })
}

fn entry(version: u32, bits: u16, input: &mut Reader<'_>) -> Result<TypeEntry, Fault> {
    // Versions 2 and 4 have 13 kinds, version 3 has 12; three flags follow.
    let (union, flags) = match version {
        2 => (union_without_match_states(bits & 0x1fff), bits >> 13),
        3 => (union_without_records(bits & 0x0fff), bits >> 12 & 7),
        _ => (TypeUnion(bits & 0x1fff), bits >> 13),
    };
    let mut bound = |flag| {
        if flags & flag == 0 { Ok(None) } else { input.i64().map(Some) }
    };
    let (lower_bound, upper_bound) = (bound(1)?, bound(2)?);
    let unit = if flags & 4 == 0 { 1 } else { u16::from(input.u8()?) + 1 };
    Ok(TypeEntry { union, lower_bound, upper_bound, unit })
}

/// Until OTP 26 match contexts had kind 2; since then they are bitstrings.
fn union_without_match_states(bits: u16) -> TypeUnion {
    union_without_records(bits & 0b11 | (bits & !0b11) >> 1)
}

/// Before OTP 29 every term meant every term but native records, which did not exist.
fn union_without_records(bits: u16) -> TypeUnion {
    if bits == 0x0fff { TypeUnion::ANY } else { TypeUnion(bits) }
}

impl std::fmt::Display for TypeEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.union)?;
        if self.lower_bound.is_some() || self.upper_bound.is_some() {
            f.write_str("(")?;
            if let Some(bound) = self.lower_bound {
                write!(f, "{bound}")?;
            }
            f.write_str("..")?;
            if let Some(bound) = self.upper_bound {
                write!(f, "{bound}")?;
            }
            f.write_str(")")?;
        }
        if self.unit != 1 {
            write!(f, "/{}", self.unit)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(chunk: &[u8]) -> Vec<String> {
        let (_, entries) = read(&mut Reader::new(chunk, 0, false)).expect("a type chunk");
        entries.iter().map(TypeEntry::to_string).collect()
    }

    fn chunk(version: u8, entries: &[&[u8]]) -> Vec<u8> {
        let mut chunk = vec![0, 0, 0, version, 0, 0, 0, entries.len() as u8];
        chunk.extend(entries.concat());
        chunk
    }

    fn bounds(lower: i64, upper: i64) -> Vec<u8> {
        [lower.to_be_bytes(), upper.to_be_bytes()].concat()
    }

    #[test]
    fn version_1_has_bounds_in_every_entry() {
        let no_bounds = bounds(0, -1);
        let chunk = chunk(
            1,
            &[
                &[&[0x1f, 0xff], no_bounds.as_slice()].concat(),
                &[&[0x00, 0x40], bounds(-1, 5).as_slice()].concat(),
                &[&[0x10, 0x06], no_bounds.as_slice()].concat(),
                &[&[0x00, 0x08], no_bounds.as_slice()].concat(),
            ],
        );
        assert_eq!(types(&chunk), ["any", "integer(-1..5)", "bitstring|tuple", "cons"]);
    }

    #[test]
    fn version_2_has_match_states_and_flags_from_bit_13() {
        let chunk = chunk(
            2,
            &[
                &[0x1f, 0xff],
                &[&[0x60, 0x40], bounds(1, 2).as_slice()].concat(),
                &[&[0x20, 0x50], 7i64.to_be_bytes().as_slice()].concat(),
                &[0x80, 0x04, 7],
                &[0x10, 0x01],
            ],
        );
        assert_eq!(
            types(&chunk),
            ["any", "integer(1..2)", "float|integer(7..)", "bitstring/8", "atom|tuple"]
        );
    }

    #[test]
    fn version_3_has_flags_from_bit_12() {
        let chunk = chunk(
            3,
            &[
                &[0x0f, 0xff],
                &[&[0x20, 0x20], 9i64.to_be_bytes().as_slice()].concat(),
                &[0x40, 0x02, 255],
                &[0x08, 0x80],
            ],
        );
        assert_eq!(types(&chunk), ["any", "integer(..9)", "bitstring/256", "nil|tuple"]);
    }

    #[test]
    fn version_4_has_records_and_flags_from_bit_13() {
        let chunk = chunk(
            4,
            &[
                &[0x1f, 0xff],
                &[0x0f, 0xff],
                &[0x10, 0x01],
                &[&[0x60, 0x20], bounds(i64::MIN, i64::MAX).as_slice()].concat(),
                &[0x80, 0x02, 0],
            ],
        );
        let every_kind_but_records =
            "atom|bitstring|cons|float|fun|integer|map|nil|pid|port|reference|tuple";
        let all = format!("integer({}..{})", i64::MIN, i64::MAX);
        assert_eq!(
            types(&chunk),
            ["any", every_kind_but_records, "atom|record", &all, "bitstring"]
        );
    }

    #[test]
    fn later_versions_are_left_out() {
        assert_eq!(types(&chunk(5, &[&[1, 2, 3, 4]])), Vec::<String>::new());
    }
}
