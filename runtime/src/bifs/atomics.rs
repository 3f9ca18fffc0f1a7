//! Natives of module `atomics`: arrays of 64-bit integers that processes share.

use crate::bifs::values::machine_word;
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Result, badarg, system_limit};
use crate::sys::exhaustion::fallible;
use crate::sys::unique;
use crate::term::{Kind, Term, atom, build, map};
use beamrc_abi::atom::id;
use core::sync::atomic::{AtomicI64, Ordering::SeqCst};

/// An array; `signed` says how its bits are read.
struct Array {
    signed: bool,
    cells: Box<[AtomicI64]>,
}

/// Option bit of `erts_internal:atomics_new/2`.
const SIGNED: u64 = 1;

/// Zeros; the system's limit if there is no memory for so many.
pub(super) fn zeros(count: usize) -> Result<Box<[AtomicI64]>> {
    let mut cells = Vec::new();
    fallible(|| cells.try_reserve_exact(count)).map_err(|_| system_limit())?;
    cells.resize_with(count, AtomicI64::default);
    Ok(cells.into_boxed_slice())
}
/// Number of cells that a term asks for.
pub(super) fn cell_count(term: Term) -> Result<usize> {
    match term.as_small() {
        Some(1..) => Ok(term.as_small().unwrap_or(0) as usize),
        None if term.is_kind(Kind::BigPos) => Err(system_limit()),
        _ => Err(badarg()),
    }
}

fn option_bits(options: Term) -> Result<u64> {
    match machine_word(options).map(u64::try_from) {
        Some(bits) => bits.map_err(|_| badarg()),
        None if options.is_kind(Kind::BigPos) => Err(system_limit()),
        None => Err(badarg()),
    }
}

/// `erts_internal:atomics_new/2`.
pub(super) fn new(p: &mut Process, count: Term, options: Term) -> Result {
    let count = cell_count(count)?;
    let signed = option_bits(options)? & SIGNED != 0;
    let cells = zeros(count)?;
    p.charge(count / 512);
    Ok(resource::new(p, unique::number(), Array { signed, cells }))
}

fn array(reference: &Term) -> Result<&Array> {
    resource::get(reference).ok_or_else(badarg)
}
/// Position, counted from 0, that a term gives, counted from 1.
pub(super) fn position(index: Term, count: usize) -> Result<usize> {
    let index = index.as_small().filter(|i| *i >= 1 && *i as u64 <= count as u64);
    index.map(|i| i as usize - 1).ok_or_else(badarg)
}

impl Array {
    fn cell(&self, index: Term) -> Result<&AtomicI64> {
        Ok(&self.cells[position(index, self.cells.len())?])
    }
    /// The bits of a value in this array's range.
    fn value(&self, term: Term) -> Result<i64> {
        let value = machine_word(term).ok_or_else(badarg)?;
        let bits = if self.signed {
            i64::try_from(value).ok()
        } else {
            u64::try_from(value).ok().map(|value| value as i64)
        };
        bits.ok_or_else(badarg)
    }
    fn term(&self, p: &mut Process, bits: i64) -> Term {
        if self.signed { build::integer(p, bits) } else { build::unsigned(p, bits as u64) }
    }
}

/// What is added may be signed or not: it wraps.
pub(super) fn increment(term: Term) -> Result<i64> {
    machine_word(term).map(|value| value as i64).ok_or_else(badarg)
}

pub fn get_2(p: &mut Process, reference: Term, index: Term) -> Result {
    let array = array(&reference)?;
    let bits = array.cell(index)?.load(SeqCst);
    Ok(array.term(p, bits))
}
pub fn put_3(_p: &mut Process, reference: Term, index: Term, value: Term) -> Result {
    let array = array(&reference)?;
    array.cell(index)?.store(array.value(value)?, SeqCst);
    Ok(Term::OK)
}
pub fn add_3(_p: &mut Process, reference: Term, index: Term, value: Term) -> Result {
    let cell = array(&reference)?.cell(index)?;
    cell.fetch_add(increment(value)?, SeqCst);
    Ok(Term::OK)
}
pub fn add_get_3(p: &mut Process, reference: Term, index: Term, value: Term) -> Result {
    let array = array(&reference)?;
    let cell = array.cell(index)?;
    let value = increment(value)?;
    let bits = cell.fetch_add(value, SeqCst).wrapping_add(value);
    Ok(array.term(p, bits))
}
pub fn exchange_3(p: &mut Process, reference: Term, index: Term, value: Term) -> Result {
    let array = array(&reference)?;
    let bits = array.cell(index)?.swap(array.value(value)?, SeqCst);
    Ok(array.term(p, bits))
}
pub fn compare_exchange_4(
    p: &mut Process,
    reference: Term,
    index: Term,
    expected: Term,
    desired: Term,
) -> Result {
    let array = array(&reference)?;
    let cell = array.cell(index)?;
    let (expected, desired) = (array.value(expected)?, array.value(desired)?);
    match cell.compare_exchange(expected, desired, SeqCst, SeqCst) {
        Ok(_) => Ok(Term::OK),
        Err(actual) => Ok(array.term(p, actual)),
    }
}

/// `#{size, max, min, memory}`.
pub fn info_1(p: &mut Process, reference: Term) -> Result {
    let array = array(&reference)?;
    let count = array.cells.len();
    let (min, max) = if array.signed {
        (build::integer(p, i64::MIN), build::integer(p, i64::MAX))
    } else {
        (Term::small(0), build::unsigned(p, u64::MAX))
    };
    let min_key = atom::intern("min").expect("short, and the table is not full of it");
    let mut pairs = vec![
        (Term::atom(id::SIZE), Term::small(count as i64)),
        (Term::atom(id::MAX), max),
        (Term::atom(min_key), min),
        (Term::atom(id::MEMORY), memory::<Array>(count)),
    ];
    Ok(map::from_pairs(p, &mut pairs))
}
/// Bytes of so many cells and of what holds them, which counts its references.
pub(super) fn memory<Holder>(cells: usize) -> Term {
    const COUNTS_BYTES: usize = 2 * size_of::<usize>();
    let bytes = COUNTS_BYTES + size_of::<Holder>() + cells * size_of::<AtomicI64>();
    Term::small(bytes as i64)
}
