//! Decoded operands of instructions.
//!
//! Invariant: every index in an operand is inside its table. This file must not know the
//! encoding they came from.

use std::sync::Arc;

use num_bigint::BigInt;

use crate::index::{AtomIdx, ImportIdx, Label, LambdaIdx, LineIdx, LiteralIdx, TypeIdx};

/// A register of the BEAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reg {
    /// Argument and scratch register, 0 to 1023.
    X(u32),
    /// Slot of the frame, 0 to 1023.
    Y(u32),
}

/// An operand of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A plain number that is no term: arity, size, live count, flags, offset.
    Unsigned(u64),
    /// An integer term of at most 64 bits.
    Int(i64),
    /// An integer term of more than 64 bits.
    BigInt(Arc<BigInt>),
    /// An atom term, or an atom that names something.
    Atom(AtomIdx),
    /// The empty list.
    Nil,
    /// An X register.
    X(u32),
    /// A Y register.
    Y(u32),
    /// A float register.
    Fr(u32),
    /// An X or Y register with what the compiler knows of its value here.
    Typed {
        /// The register.
        reg: Reg,
        /// What it holds.
        ty: TypeIdx,
    },
    /// A label; `Label::NONE` where the row's kind permits it.
    Label(Label),
    /// A character, an encoding that no compiler since OTP 25 uses.
    Char(u32),
    /// A literal term.
    Literal(LiteralIdx),
    /// An imported function.
    Import(ImportIdx),
    /// A lambda.
    Lambda(LambdaIdx),
    /// A location.
    Line(LineIdx),
    /// A heap need by kind.
    Alloc(Alloc),
    /// A list of operands.
    List(Vec<Operand>),
}

/// A heap need by kind of object, whose sizes are the runtime's own matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Alloc {
    /// Words for everything else.
    pub words: u32,
    /// Number of floats.
    pub floats: u32,
    /// Number of funs, without their environments.
    pub funs: u32,
}

impl Operand {
    /// The register, with its type where one is given.
    pub fn reg(&self) -> Option<(Reg, Option<TypeIdx>)> {
        match *self {
            Operand::X(n) => Some((Reg::X(n), None)),
            Operand::Y(n) => Some((Reg::Y(n), None)),
            Operand::Typed { reg, ty } => Some((reg, Some(ty))),
            _ => None,
        }
    }

    /// The number of an `Unsigned`.
    pub fn unsigned(&self) -> Option<u64> {
        match *self {
            Operand::Unsigned(n) => Some(n),
            _ => None,
        }
    }

    /// The label, `Label::NONE` included.
    pub fn label(&self) -> Option<Label> {
        match *self {
            Operand::Label(label) => Some(label),
            _ => None,
        }
    }

    /// The atom.
    pub fn atom(&self) -> Option<AtomIdx> {
        match *self {
            Operand::Atom(atom) => Some(atom),
            _ => None,
        }
    }

    /// The elements of a list.
    pub fn list(&self) -> Option<&[Operand]> {
        match self {
            Operand::List(elements) => Some(elements),
            _ => None,
        }
    }
}
