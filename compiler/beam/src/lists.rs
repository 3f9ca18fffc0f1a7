//! What the lists of operands hold, and where strings lie.
//!
//! Invariants established: a list has the shape of its kind, so that it can be taken apart by
//! position; every reference to the strings lies inside them. This file must not know
//! encodings.

use crate::code::Tables;
use crate::index::Label;
use crate::opcodes::{Op, OperandKind};
use crate::operand::{Operand, Reg};

/// The segment types of `bs_create_bin`.
const SEGMENT_TYPES: &[&str] =
    &["append", "binary", "float", "integer", "private_append", "string", "utf8", "utf16", "utf32"];

/// What an operand of a command of `bs_match` may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandOperand {
    /// A plain number.
    Number,
    /// Nil or a literal list of atoms.
    Flags,
    /// A register.
    Dst,
    /// Nil, in the place of a live count.
    Nothing,
}

/// The operands of a command of `bs_match`, if there is one of this name.
pub fn command_operands(name: &str) -> Option<&'static [(&'static str, CommandOperand)]> {
    use CommandOperand::{Dst, Flags, Nothing, Number};
    Some(match name {
        "ensure_at_least" => &[("size", Number), ("unit", Number)],
        "ensure_exactly" => &[("size", Number)],
        "integer" | "binary" => {
            &[("live", Number), ("flags", Flags), ("size", Number), ("unit", Number), ("dst", Dst)]
        }
        "skip" => &[("size", Number)],
        "get_tail" => &[("live", Number), ("unit", Number), ("dst", Dst)],
        "=:=" => &[("live", Nothing), ("size", Number), ("value", Number)],
        _ => return None,
    })
}

pub(crate) fn is_register(operand: &Operand) -> bool {
    matches!(operand, Operand::X(_) | Operand::Y(_) | Operand::Typed { .. })
}

pub(crate) fn is_constant(operand: &Operand) -> bool {
    matches!(
        operand,
        Operand::Int(_)
            | Operand::BigInt(_)
            | Operand::Atom(_)
            | Operand::Nil
            | Operand::Literal(_)
    )
}

pub(crate) fn is_term(operand: &Operand) -> bool {
    is_register(operand) || is_constant(operand)
}

fn is_target(operand: &Operand) -> bool {
    matches!(operand, Operand::Label(label) if *label != Label::NONE)
}

fn is_number(operand: &Operand) -> bool {
    matches!(operand, Operand::Unsigned(_))
}

fn are_flags(operand: &Operand) -> bool {
    matches!(operand, Operand::Nil | Operand::Literal(_))
}

fn are_pairs(
    elements: &[Operand],
    first: impl Fn(&Operand) -> bool,
    second: impl Fn(&Operand) -> bool,
) -> bool {
    elements.len().is_multiple_of(2)
        && elements.chunks_exact(2).all(|pair| first(&pair[0]) && second(&pair[1]))
}

/// Whether a list has the shape of its kind.
pub(crate) fn has_shape(kind: OperandKind, elements: &[Operand], tables: &Tables<'_>) -> bool {
    let is_y = |operand: &Operand| matches!(operand.reg(), Some((Reg::Y(_), _)));
    match kind {
        OperandKind::Terms => elements.iter().all(is_term),
        OperandKind::YRegs => elements.iter().all(is_y),
        OperandKind::Cases => are_pairs(elements, is_constant, is_target),
        OperandKind::ArityCases => are_pairs(elements, is_number, is_target),
        OperandKind::KeyValues => are_pairs(elements, is_term, is_term),
        OperandKind::KeyDsts => are_pairs(elements, is_term, is_register),
        OperandKind::PositionValues => are_pairs(elements, is_number, is_term),
        OperandKind::Segments => are_segments(elements, tables),
        OperandKind::Commands => are_commands(elements, tables),
        _ => false,
    }
}

fn are_segments(elements: &[Operand], tables: &Tables<'_>) -> bool {
    elements.len().is_multiple_of(6)
        && elements.chunks_exact(6).all(|segment| {
            let [Operand::Atom(kind), number, unit, flags, value, size] = segment else {
                return false;
            };
            let kind = &*tables.atoms[kind.index()];
            let value_fits = if kind == "string" {
                is_number(value) && matches!(size, Operand::Int(_))
            } else {
                is_term(value) && is_term(size)
            };
            SEGMENT_TYPES.contains(&kind)
                && is_number(number)
                && is_number(unit)
                && are_flags(flags)
                && value_fits
        })
}

fn are_commands(mut elements: &[Operand], tables: &Tables<'_>) -> bool {
    while let [name, rest @ ..] = elements {
        let Operand::Atom(name) = name else {
            return false;
        };
        let Some(specs) = command_operands(&tables.atoms[name.index()]) else {
            return false;
        };
        let Some((operands, rest)) = rest.split_at_checked(specs.len()) else {
            return false;
        };
        let fits = specs.iter().zip(operands).all(|((_, spec), operand)| match spec {
            CommandOperand::Number => is_number(operand),
            CommandOperand::Flags => are_flags(operand),
            CommandOperand::Dst => is_register(operand),
            CommandOperand::Nothing => *operand == Operand::Nil,
        });
        if !fits {
            return false;
        }
        elements = rest;
    }
    true
}

/// The range of the strings that an instruction refers to and that is not inside them.
pub(crate) fn outside_strings(
    op: Op,
    operands: &[Operand],
    tables: &Tables<'_>,
) -> Option<(u64, u64)> {
    let outside = |offset: u64, bytes: u64| {
        let end = offset.checked_add(bytes);
        end.is_none_or(|end| end > tables.strings as u64).then_some((offset, bytes))
    };
    match (op, operands) {
        (Op::BsMatchString, [_, _, Operand::Unsigned(bits), Operand::Unsigned(offset)]) => {
            outside(*offset, bits.div_ceil(8))
        }
        (Op::BsPutString, [Operand::Unsigned(bytes), Operand::Unsigned(offset)]) => {
            outside(*offset, *bytes)
        }
        (Op::BsCreateBin, [.., Operand::List(segments)]) => {
            segments.chunks_exact(6).find_map(|segment| match segment {
                [_, _, _, _, Operand::Unsigned(offset), Operand::Int(bytes)] => {
                    outside(*offset, u64::try_from(*bytes).unwrap_or(u64::MAX))
                }
                _ => None,
            })
        }
        _ => None,
    }
}
