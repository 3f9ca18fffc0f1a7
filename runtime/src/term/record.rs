//! Native records of OTP 29: a definition, then the values in the order of the definition.
//!
//! The definition is a tuple that programs never see: module, name, whether other modules may look
//! into the record, then the names of the fields. Equal definitions need not be one object.

use super::{Alloc, Kind, Term};
use beamrc_abi::term as abi;

/// Words of a definition before the names of the fields.
const HEAD_WORDS: usize = 3;

pub struct Record<'a> {
    /// The tuple itself, for records of the same kind.
    pub definition: Term,
    parts: &'a [Term],
    /// The values of the fields.
    pub values: &'a [Term],
}

impl Record<'_> {
    pub fn of(term: &Term) -> Option<Record<'_>> {
        if !term.is_kind(Kind::Record) {
            return None;
        }
        let (definition, values) = term.term_words().split_first()?;
        Some(Record { definition: *definition, parts: definition.as_tuple()?, values })
    }
    pub fn module(&self) -> Term {
        self.parts[0]
    }
    pub fn name(&self) -> Term {
        self.parts[1]
    }
    pub fn is_exported(&self) -> bool {
        self.parts[2] == Term::bool(true)
    }
    /// Module, name and whether it is exported.
    pub fn head(&self) -> &[Term] {
        &self.parts[..HEAD_WORDS]
    }
    /// The names of the fields.
    pub fn keys(&self) -> &[Term] {
        &self.parts[HEAD_WORDS..]
    }
    pub fn position(&self, key: Term) -> Option<usize> {
        self.keys().iter().position(|other| *other == key)
    }
    pub fn get(&self, key: Term) -> Option<Term> {
        self.position(key).map(|at| self.values[at])
    }
}

/// A record of this definition, with a value for each of its fields.
pub fn build(heap: &mut (impl Alloc + ?Sized), definition: Term, values: &[Term]) -> Term {
    let object = heap.alloc(values.len() + 2);
    // SAFETY: I2: values.len() + 2 fresh words.
    unsafe {
        *object = abi::header(Kind::Record, values.len() as u64 + 1, 0);
        *object.add(1) = definition.0;
        core::ptr::copy_nonoverlapping(values.as_ptr().cast(), object.add(2), values.len());
    }
    Term::from_boxed(object)
}

/// A definition, to be part of records.
pub fn define(heap: &mut (impl Alloc + ?Sized), head: [Term; HEAD_WORDS], keys: &[Term]) -> Term {
    super::build::tuple(heap, &[&head[..], keys].concat())
}
