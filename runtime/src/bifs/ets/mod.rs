//! Module `ets`: tables (see the room `ets` for what they are).
//!
//! A BIF finds the table, holds it as far as it must, and copies objects in or out. Objects that
//! go are freed after the table has been let go of.

mod administration;
mod guards;
mod info;
mod objects;
mod select;
mod specs;
#[cfg(test)]
mod tests;
mod update;
mod walk;

pub use administration::*;
pub use info::*;
pub use objects::*;
pub use select::*;
pub use specs::*;
pub use update::*;
pub use walk::*;

use crate::ets::object::Head;
use crate::ets::registry::{self, Named};
use crate::ets::{Hold, Sort, Table, Want, lock::Denied};
use crate::heap::resource;
use crate::process::Process;
use crate::process::exception::{Exception, Result, badarg_because};
use crate::term::{Kind, Term};
use beamrc_abi::atom::id;
use std::sync::Arc;

/// Words copied for one reduction.
const WORDS_PER_REDUCTION: usize = 64;
/// Objects looked at for one reduction.
const OBJECTS_PER_REDUCTION: usize = 8;

const END_OF_TABLE: Term = Term::atom(id::END_OF_TABLE);

/// A table as a program named it.
pub(super) enum Found<'a> {
    Reference(&'a Arc<Table>),
    Name(Named),
    /// By a reference that was made from a text or the like.
    Number(Arc<Table>),
}
impl core::ops::Deref for Found<'_> {
    type Target = Arc<Table>;
    fn deref(&self) -> &Arc<Table> {
        match self {
            Found::Reference(table) => table,
            Found::Name(table) => table,
            Found::Number(table) => table,
        }
    }
}

/// The table behind an identifier; it may have been deleted meanwhile.
#[inline]
pub(super) fn find(identifier: &Term) -> Result<Found<'_>> {
    match resource::get::<Arc<Table>>(identifier) {
        Some(table) => Ok(Found::Reference(table)),
        None => find_otherwise(identifier),
    }
}
fn find_otherwise(identifier: &Term) -> Result<Found<'_>> {
    if let Some(name) = identifier.as_atom() {
        let table = registry::named(name).ok_or_else(|| badarg_because(id::ID))?;
        return Ok(Found::Name(table));
    }
    let number = identifier.is_kind(Kind::Ref).then(|| identifier.words()[0]);
    let table = number.and_then(registry::with_number);
    table.map(Found::Number).ok_or_else(|| badarg_because(id::TYPE))
}

/// Locks a table for the process.
#[inline(always)]
pub(super) fn hold<'t>(p: &Process, table: &'t Table, want: Want) -> Result<Hold<'t>> {
    Hold::new(table, own_number(p), want).map_err(denied)
}
#[cold]
fn denied(denied: Denied) -> Exception {
    badarg_because(match denied {
        Denied::Gone => id::ID,
        Denied::Protected => id::ACCESS,
    })
}
fn own_number(p: &Process) -> u64 {
    p.id.as_pid().unwrap_or(0)
}

/// A copy of an object on the process's heap.
fn copied(p: &mut Process, object: &Head) -> Term {
    p.charge(object.words() / WORDS_PER_REDUCTION);
    object.copy_to(p)
}

impl Table {
    /// Whether a term can be an object of this table.
    fn accepts(&self, term: Term) -> bool {
        let elements = term.as_tuple().map_or(0, <[Term]>::len);
        elements >= self.options.keypos
    }
    fn key_of(&self, object: Term) -> Term {
        object.term_words()[self.options.keypos - 1]
    }
    fn is_bag(&self) -> bool {
        matches!(self.options.sort, Sort::Bag | Sort::DuplicateBag)
    }
}
