//! The type chunk: what the compiler knows of a register at an instruction.
//!
//! Versions 1 (OTP 25), 2 (26), 3 (27, 28) and 4 (29) number their bits differently; here
//! they all appear with the numbers of version 4. This file must not know who uses a type.


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
