//! Type tests and boolean operators.

use crate::process::Process;
use crate::process::exception::{Result, badarg};
use crate::program::program;
use crate::term::compare::compare;
use crate::term::record::Record;
use crate::term::{Kind, Term, View};

/// Size in bits of a bit string.
fn bit_size(term: Term) -> Option<u64> {
    match term.kind() {
        Some(Kind::HeapBits | Kind::SubBits) => {
            Some(term.words()[beamrc_abi::term::layout::SUB_BITS_SIZE])
        }
        _ => None,
    }
}
const _: () = assert!(
    beamrc_abi::term::layout::SUB_BITS_SIZE == beamrc_abi::term::layout::HEAP_BITS_SIZE,
    "both representations start with their size"
);

fn fun_arity(term: Term) -> Option<u32> {
    match term.view() {
        View::Fun { arity, .. } | View::ExportFun { arity, .. } => Some(arity),
        _ => None,
    }
}
pub(super) fn is_integer(term: Term) -> bool {
    term.is_small() || matches!(term.kind(), Some(Kind::BigPos | Kind::BigNeg))
}
fn is_external(term: Term, sort: u32) -> bool {
    matches!(term.view(), View::External { sort: s, .. } if s == sort)
}

pub fn is_atom_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term.is_atom()))
}
pub fn is_boolean_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term == Term::TRUE || term == Term::FALSE))
}
pub fn is_integer_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(is_integer(term)))
}
pub fn is_float_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term.is_kind(Kind::Float)))
}
pub fn is_number_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(is_integer(term) || term.is_kind(Kind::Float)))
}
pub fn is_list_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term.is_list()))
}
pub fn is_tuple_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term.is_kind(Kind::Tuple)))
}
pub fn is_map_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(matches!(term.kind(), Some(Kind::FlatMap | Kind::HashMap))))
}
pub fn is_binary_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(bit_size(term).is_some_and(|bits| bits % 8 == 0)))
}
pub fn is_bitstring_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(bit_size(term).is_some()))
}
pub fn is_pid_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term.is_pid() || is_external(term, 0)))
}
pub fn is_port_1(_p: &mut Process, term: Term) -> Result {
    let local = matches!(term.view(), View::Port(_));
    Ok(Term::bool(local || is_external(term, 1)))
}
pub fn is_reference_1(_p: &mut Process, term: Term) -> Result {
    let local = matches!(term.view(), View::Ref(_));
    Ok(Term::bool(local || is_external(term, 2)))
}
pub fn is_function_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(fun_arity(term).is_some()))
}
pub fn is_function_2(_p: &mut Process, term: Term, arity: Term) -> Result {
    let wanted = match arity.as_small() {
        Some(arity) if arity >= 0 => Some(arity),
        // A large arity is one, but no fun's.
        None if arity.is_kind(Kind::BigPos) => None,
        _ => return Err(badarg()),
    };
    let is = fun_arity(term).map(i64::from);
    Ok(Term::bool(is.is_some() && is == wanted))
}

/// An integer within bounds, which must be integers themselves.
pub fn is_integer_3(_p: &mut Process, term: Term, from: Term, to: Term) -> Result {
    if !is_integer(from) || !is_integer(to) {
        return Err(badarg());
    }
    let within = |term| compare(from, term).is_le() && compare(term, to).is_le();
    Ok(Term::bool(is_integer(term) && within(term)))
}

/// A native record.
pub fn is_record_1(_p: &mut Process, term: Term) -> Result {
    Ok(Term::bool(term.is_kind(Kind::Record)))
}
/// A native record of this name; or a tuple whose first element is its name.
pub fn is_record_2(_p: &mut Process, term: Term, name: Term) -> Result {
    if !name.is_atom() {
        return Err(badarg());
    }
    if let Some(record) = Record::of(&term) {
        return Ok(Term::bool(record.name() == name));
    }
    let first = term.as_tuple().and_then(|elements| elements.first());
    Ok(Term::bool(first == Some(&name)))
}
/// A tuple of this size whose first element is its name; or, from OTP 29 on, a native record of a
/// module and a name.
pub fn is_record_3(_p: &mut Process, term: Term, name: Term, size: Term) -> Result {
    if name.is_atom() && size.is_atom() && program().release() >= 29 {
        let record = Record::of(&term);
        let is = record.is_some_and(|record| (record.module(), record.name()) == (name, size));
        return Ok(Term::bool(is));
    }
    let (true, Some(size)) = (name.is_atom(), size.as_small()) else {
        return Err(badarg());
    };
    let is = term
        .as_tuple()
        .is_some_and(|elements| elements.len() as i64 == size && elements.first() == Some(&name));
    Ok(Term::bool(is))
}

/// Bytes of a binary (whole ones of a bit string), elements of a tuple.
pub fn size_1(_p: &mut Process, term: Term) -> Result {
    if let Some(elements) = term.as_tuple() {
        return Ok(Term::small(elements.len() as i64));
    }
    let bits = bit_size(term).ok_or_else(badarg)?;
    Ok(Term::small((bits / 8) as i64))
}

fn truth(term: Term) -> Result<bool> {
    if term == Term::TRUE {
        Ok(true)
    } else if term == Term::FALSE {
        Ok(false)
    } else {
        Err(badarg())
    }
}
pub fn not_1(_p: &mut Process, a: Term) -> Result {
    Ok(Term::bool(!truth(a)?))
}
pub fn and_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(Term::bool(truth(a)? & truth(b)?))
}
pub fn or_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(Term::bool(truth(a)? | truth(b)?))
}
pub fn xor_2(_p: &mut Process, a: Term, b: Term) -> Result {
    Ok(Term::bool(truth(a)? ^ truth(b)?))
}
